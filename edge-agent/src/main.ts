import { readFileSync } from 'node:fs';
import process from 'node:process';
import { inspect } from 'node:util';
import { AppError, parseEnvFile } from '@loa/kernel';
import { createAgent } from './compose.ts';
import { readAgentConfig } from './config.ts';
import { exitCodeOf, HUNG } from './exit-codes.ts';
import { createPinoLogger } from './pino-logger.ts';

/** Says why the agent cannot run, in one sentence and its code, and leaves. */
function fail(error: unknown): never {
  const why = error instanceof AppError ? `${error.message} [${error.code}]` : inspect(error);
  process.stderr.write(`loa agent: ${why}
`);
  process.exit(exitCodeOf(error));
}

try {
  const file = process.argv[2];
  const config = readAgentConfig({
    env: process.env,
    ...(file === undefined ? {} : { file: parseEnvFile(readFileSync(file, 'utf8')) }),
  });
  const log = createPinoLogger(config.logLevel);
  const agent = createAgent(config, { log });
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    const hung = await agent.stop();
    if (hung.length > 0) log.error({ hung }, 'some parts did not stop in time');
    process.exit(hung.length > 0 ? HUNG : 0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await agent.start().catch((error: unknown) => {
    if (!isStopping) throw error;
  });
} catch (error) {
  fail(error);
}
