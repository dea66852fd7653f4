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

/** Reads the environment file that stands on the command line, if any. */
function configFile(path: string | undefined): Record<string, string> {
  if (path === undefined) return {};
  try {
    return parseEnvFile(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError(`the configuration file ${path} cannot be read`, { code: 'config/invalid', cause });
  }
}

try {
  const config = readAgentConfig({ env: process.env, file: configFile(process.argv[2]) });
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
  process.on('disconnect', stop); // a program that started us and held a channel is gone
  await agent.start().catch((error: unknown) => {
    if (!isStopping) throw error;
  });
} catch (error) {
  fail(error);
}
