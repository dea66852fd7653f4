import { resolve } from 'node:path';
import { type ConfigSchema, loadConfig, parseEnvFile, Secret } from '@loa/kernel';
import { z } from 'zod';
import { oneLine } from './one-line.schema.ts';

const port = z.coerce.number('wanted a port, 0 to 65535').int().min(0).max(65_535);
const days = z.coerce.number('wanted a number of days').int().min(1);

/** Every key of the environment or the configuration file, with what it must look like; config.example.env says what each is for. */
const schema = z.strictObject({
  LOA_DATA_DIR: z.string().min(1).default('./data'),
  LOA_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  LOA_HTTP_PORT: port.default(8480),
  LOA_PUBLIC_URL: z.url('wanted an address such as https://loa.xa.gov.vn').optional(),
  LOA_BROKER: z.enum(['embedded', 'external'], 'wanted embedded or external').default('embedded'),
  LOA_BROKER_HOST: z.string().min(1).default('127.0.0.1'),
  LOA_BROKER_PORT: port.default(1883),
  LOA_BROKER_URL: z
    .string()
    .regex(/^mqtts?:\/\//, 'wanted mqtt://host:port or mqtts://host:port')
    .optional(),
  LOA_BROKER_USERNAME: z.string().optional(),
  LOA_BROKER_PASSWORD: z.string().optional(),
  /** The address that boxes are given; by default where the broker listens. */
  LOA_BROKER_PUBLIC_URL: z
    .string()
    .regex(/^mqtts?:\/\//, 'wanted mqtt://host:port or mqtts://host:port')
    .optional(),
  LOA_SITE_NAME: oneLine(100).default('Đài truyền thanh'),
  LOA_TIME_ZONE: z.string().min(1).default('Asia/Ho_Chi_Minh'),
  LOA_FFMPEG: z.string().min(1).optional(),
  LOA_LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], 'wanted error, warn, info or debug')
    .default('info'),
  LOA_BACKUP_KEEP_DAYS: days.default(14),
  LOA_JOURNAL_KEEP_DAYS: days.default(3650),
});

/** The controller's configuration in slices, one for each part that needs some. */
export interface Config {
  readonly dataDir: string;
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string | undefined };
  readonly broker:
    | {
        readonly kind: 'embedded';
        readonly host: string;
        readonly port: number;
        readonly publicUrl: string | undefined;
      }
    | {
        readonly kind: 'external';
        readonly url: string;
        readonly username: string | undefined;
        readonly password: Secret | undefined;
        readonly publicUrl: string | undefined;
      };
  readonly site: { readonly name: string; readonly timeZone: string };
  readonly media: { readonly ffmpegPath: string | undefined };
  readonly log: { readonly level: 'error' | 'warn' | 'info' | 'debug' };
  readonly keep: { readonly backupDays: number; readonly journalDays: number };
}

/** Cross-field rules that the single keys cannot see. */
const checked = schema.superRefine((values, context) => {
  if (values.LOA_BROKER === 'external' && !values.LOA_BROKER_URL)
    context.addIssue({
      code: 'custom',
      path: ['LOA_BROKER_URL'],
      message: 'is required when LOA_BROKER=external',
    });
  if (
    !Intl.supportedValuesOf('timeZone').includes(values.LOA_TIME_ZONE) &&
    values.LOA_TIME_ZONE !== 'Asia/Ho_Chi_Minh'
  )
    context.addIssue({
      code: 'custom',
      path: ['LOA_TIME_ZONE'],
      message: 'wanted an IANA zone such as Asia/Ho_Chi_Minh',
    });
});

/**
 * Reads the configuration once, from `LOA_…` variables over the file's lines.
 * @throws {AppError} config/invalid, naming every bad key.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, fileText = ''): Config {
  // The agent's keys may stand in the same environment on one machine; they are not ours to judge.
  const own = Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('LOA_AGENT_')));
  const values = loadConfig(checked satisfies ConfigSchema<z.output<typeof checked>>, {
    env: own,
    file: parseEnvFile(fileText),
  });
  const config: Config = {
    dataDir: resolve(values.LOA_DATA_DIR),
    http: { host: values.LOA_HTTP_HOST, port: values.LOA_HTTP_PORT, publicUrl: values.LOA_PUBLIC_URL },
    broker:
      values.LOA_BROKER === 'external'
        ? {
            kind: 'external',
            url: values.LOA_BROKER_URL ?? '',
            username: values.LOA_BROKER_USERNAME,
            password:
              values.LOA_BROKER_PASSWORD === undefined ? undefined : new Secret(values.LOA_BROKER_PASSWORD),
            publicUrl: values.LOA_BROKER_PUBLIC_URL,
          }
        : {
            kind: 'embedded',
            host: values.LOA_BROKER_HOST,
            port: values.LOA_BROKER_PORT,
            publicUrl: values.LOA_BROKER_PUBLIC_URL,
          },
    site: { name: values.LOA_SITE_NAME, timeZone: values.LOA_TIME_ZONE },
    media: { ffmpegPath: values.LOA_FFMPEG },
    log: { level: values.LOA_LOG_LEVEL },
    keep: { backupDays: values.LOA_BACKUP_KEEP_DAYS, journalDays: values.LOA_JOURNAL_KEEP_DAYS },
  };
  return Object.freeze(config);
}
