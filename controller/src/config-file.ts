import { readFileSync } from 'node:fs';
import { AppError } from '@loa/kernel';
import { type Config, readConfig } from './config.ts';
import type { ControllerErrorCode } from './errors.ts';

/**
 * Reads the configuration from the environment over the file that `LOA_CONFIG_FILE` names, if it names one.
 * @throws {AppError} config/invalid, naming every bad key, or the file that cannot be read.
 */
export function configFrom({
  LOA_CONFIG_FILE: path,
  ...env
}: Readonly<Record<string, string | undefined>>): Config {
  if (path === undefined) return readConfig(env);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError<ControllerErrorCode>(
      `LOA_CONFIG_FILE names ${path}, which cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { code: 'config/invalid', cause },
    );
  }
  return readConfig(env, text);
}
