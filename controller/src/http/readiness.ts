/** One thing the controller needs to do its work. Resolves to a sentence when it is not there, to `undefined` when it is. */
export interface Check {
  readonly name: string;
  run(): Promise<string | undefined> | string | undefined;
}

/** What is missing, one entry per check that failed; empty when ready. */
export type Missing = ReadonlyArray<{ readonly path: string; readonly message: string }>;

/** Runs every check; one that throws counts as missing with its message. */
export async function runChecks(checks: readonly Check[]): Promise<Missing> {
  const results = await Promise.all(
    checks.map(async ({ name, run }) => {
      try {
        return { path: name, message: await run() };
      } catch (error) {
        return { path: name, message: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
  return results.flatMap(({ path, message }) => (message === undefined ? [] : [{ path, message }]));
}
