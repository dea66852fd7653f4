import { readFileSync } from 'node:fs';
import { AppError } from '@loa/kernel';
import { createController } from './compose.ts';
import { readConfig } from './config.ts';

const EXIT = { fault: 1, badConfig: 2, hung: 3 } as const;
const complain = (text: string) => process.stderr.write(`loa-controller: ${text}\n`);
const explain = (error: unknown) =>
  error instanceof AppError
    ? `${error.message} [${error.code}]`
    : String(error instanceof Error ? error.stack : error);

function readFile(path: string | undefined): string {
  if (path === undefined) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError(`the configuration file ${path} (LOA_CONFIG_FILE) cannot be read: ${String(cause)}`, {
      code: 'config/invalid',
      cause,
    });
  }
}

async function main(): Promise<number> {
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => resolve());
  });
  const { LOA_CONFIG_FILE, ...env } = process.env;
  const controller = createController(readConfig(env, readFile(LOA_CONFIG_FILE)));
  try {
    const started = controller.start();
    const up = await Promise.race([started, stopAsked]);
    if (up) {
      process.stdout.write(
        `Loa: ${up.httpUrl}${up.firstSignInUrl ? ` · đăng nhập lần đầu: ${up.firstSignInUrl}` : ''}\n`,
      );
      process.send?.({ kind: 'ready', httpUrl: up.httpUrl, brokerUrl: up.brokerUrl });
      await stopAsked;
    }
  } catch (error) {
    complain(explain(error));
    await controller.stop();
    return EXIT.fault;
  }
  const hung = await controller.stop();
  if (hung.length === 0) return 0;
  complain(`did not stop in time: ${hung.join(', ')} [controller/stop-hung]`);
  return EXIT.hung;
}

process.exitCode = await main().catch((error: unknown) => {
  complain(explain(error));
  return EXIT.badConfig;
});
// What hung would keep the process alive; what stopped has nothing left to do.
process.exit();
