import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Child, startChild } from './child.ts';

const MAIN = fileURLToPath(new URL('../../controller/src/main.ts', import.meta.url));
const ready = z.object({ kind: z.literal('ready'), httpUrl: z.string(), brokerUrl: z.string() });

/** A running controller with its embedded broker. */
export interface ControllerProcess extends Child {
  readonly httpUrl: string;
  readonly brokerUrl: string;
  /** The one-time link of a site that nobody has entered yet. */
  firstSignIn(): Promise<string>;
}

/** Starts a controller on free loopback ports (or those given) and waits until it serves. */
export async function startController(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ControllerProcess> {
  const child = startChild(MAIN, {
    LOA_DATA_DIR: dataDir,
    LOA_HTTP_PORT: '0',
    LOA_BROKER_PORT: '0',
    LOA_SITE_NAME: 'Xã Vĩnh Quang',
    LOA_LOG_LEVEL: 'info',
    ...env,
  });
  const { httpUrl, brokerUrl } = await child.message((message) => {
    const parsed = ready.safeParse(message);
    return parsed.success ? parsed.data : undefined;
  });
  return {
    ...child,
    httpUrl,
    brokerUrl,
    async firstSignIn() {
      const text = await readFile(join(dataDir, 'first-sign-in.txt'), 'utf8');
      return /https?:\S+/.exec(text)?.[0] ?? text.trim();
    },
  };
}
