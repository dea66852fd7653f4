import { AppError } from '@loa/kernel';
import { createController } from './compose.ts';
import { configFrom } from './config-file.ts';

const EXIT = { fault: 1, badConfig: 2, hung: 3 } as const;
const complain = (text: string) => process.stderr.write(`loa-controller: ${text}\n`);
const explain = (error: unknown) =>
  error instanceof AppError
    ? `${error.message} [${error.code}]`
    : String(error instanceof Error ? error.stack : error);

async function main(): Promise<number> {
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => resolve());
  });
  const controller = createController(configFrom(process.env));
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
