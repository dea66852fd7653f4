export { AppError, type AppErrorOptions, assertNever, errorCode } from './app-error.ts';
export { type Clock, MAX_SLEEP_MS, sleepUntil } from './clock.ts';
export { type ConfigSchema, loadConfig, parseEnvFile } from './config.ts';
export {
  type Brand,
  type ClusterId,
  type DeviceId,
  type OccurrenceId,
  type RandomId,
  randomId,
  type Sha256,
} from './ids.ts';
export { createLifecycle, type Lifecycle, type Part, STOP_DEADLINE_MS } from './lifecycle.ts';
export { type LogFields, type Logger, silentLogger } from './logger.ts';
export { Secret } from './secret.ts';
export { systemClock } from './system-clock.ts';
