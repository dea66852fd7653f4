import { AppError } from './app-error.ts';

/** The part of Standard Schema v1 that configuration needs (https://standardschema.dev); zod schemas satisfy it. */
export interface ConfigSchema<Output> {
  readonly '~standard': {
    validate(value: unknown): ConfigResult<Output> | Promise<ConfigResult<Output>>;
  };
}

type ConfigResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: ReadonlyArray<{
        readonly message: string;
        readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
        /** Not of the standard: zod names here the keys it does not know. */
        readonly keys?: readonly string[];
      }>;
    };

/**
 * Parses the lines of an environment file: `KEY=value`, lines of `#` comment, optional quotes around a value.
 * @throws {AppError} config/invalid, listing the numbers of all lines that are none of these; never their text, which
 * may be a secret.
 */
export function parseEnvFile(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const unclear: number[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const match = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) entries[match[1]] = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
    else if (!/^\s*(#|$)/.test(line)) unclear.push(index + 1);
  }
  if (unclear.length === 0) return entries;
  throw new AppError(
    `the configuration file must hold KEY=value in capitals, or # comments; look at line ${unclear.join(', ')}`,
    { code: 'config/invalid', details: { lines: unclear } },
  );
}

/**
 * Reads configuration once, from the environment over an optional file, keeping only keys that begin with `LOA_`.
 * Unknown `LOA_` keys are reported too: a misspelt key must not be a silent default.
 * @throws {AppError} config/invalid, listing every bad key with what was wanted and where it was set.
 */
export function loadConfig<Output>(
  schema: ConfigSchema<Output>,
  sources: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly file?: Readonly<Record<string, string>>;
  },
): Output {
  const origin: Record<string, 'the environment' | 'the configuration file'> = {};
  const values: Record<string, string> = {};
  for (const [from, entries] of [
    ['the configuration file', sources.file ?? {}],
    ['the environment', sources.env],
  ] as const)
    for (const [key, value] of Object.entries(entries))
      if (key.startsWith('LOA_') && value !== undefined) {
        values[key] = value;
        origin[key] = from;
      }
  const result = schema['~standard'].validate(values);
  if (result instanceof Promise)
    throw new AppError('a configuration schema must be synchronous', { code: 'config/invalid' });
  if (result.issues === undefined) return result.value;
  const problem = (key: string, message: string) =>
    `  ${key}: ${message}${origin[key] ? ` (set in ${origin[key]})` : ''}`;
  const lines = result.issues.flatMap(({ message, path = [], keys }) => {
    const first = path[0];
    if (first === undefined && keys) return keys.map((key) => problem(key, 'there is no such key'));
    return problem(String(typeof first === 'object' ? first.key : (first ?? 'configuration')), message);
  });
  throw new AppError(`the configuration has ${lines.length} problem(s):\n${lines.join('\n')}`, {
    code: 'config/invalid',
    details: { problems: lines.map((line) => line.trim()) },
  });
}
