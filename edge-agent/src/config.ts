import { isAbsolute, resolve } from 'node:path';
import { loadConfig, Secret } from '@loa/kernel';
import { z } from 'zod';

const PREFIX = 'LOA_AGENT_';

/** Every key that the agent reads, with its default. `config.example.env` says the same in words. */
export const agentEnv = z.strictObject({
  LOA_AGENT_DATA_DIR: z.string().min(1).default('var/agent'),
  LOA_AGENT_CONTROLLER_URL: z.url({ protocol: /^https?$/, error: 'wanted http://… or https://…' }),
  LOA_AGENT_CLAIM_CODE: z.string().trim().min(13, 'wanted the claim code as the console shows it').optional(),
  LOA_AGENT_CLAIM_FILE: z.string().min(1).optional(),
  LOA_AGENT_SINK: z.enum(['file', 'alsa', 'auto']).default('auto'),
  LOA_AGENT_SINK_FOLDER: z.string().min(1).optional(),
  LOA_AGENT_ALSA_DEVICE: z.string().min(1).default('default'),
  LOA_AGENT_AMPLIFIER: z.enum(['fake', 'none']).default('none'),
  LOA_AGENT_LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
});

/** What the agent is told by whoever installs it. What the commune decides comes signed, in the `config` state. */
export interface AgentConfig {
  readonly dataDir: string;
  readonly controllerUrl: string;
  /** The claim code itself, or the file it stands in. Needed only until the box has its identity. */
  readonly claim: { readonly code: Secret | undefined; readonly file: string | undefined };
  readonly sink: {
    readonly kind: 'file' | 'alsa' | 'auto';
    /** Where the file sink puts its recordings. */
    readonly folder: string;
    readonly alsaDevice: string;
  };
  readonly amplifier: 'fake' | 'none';
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

/**
 * Reads the agent's configuration. Keys of other programs (`LOA_…` without `AGENT`) are none of its business.
 * @throws {AppError} config/invalid, naming every bad key at once.
 */
export function readAgentConfig(sources: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: Readonly<Record<string, string>>;
}): AgentConfig {
  const ours = (entries: Readonly<Record<string, string | undefined>>) =>
    Object.fromEntries(Object.entries(entries).filter(([key]) => key.startsWith(PREFIX)));
  const env = loadConfig(agentEnv, { ...sources, env: ours(sources.env) });
  const dataDir = absolute(env.LOA_AGENT_DATA_DIR);
  const code = env.LOA_AGENT_CLAIM_CODE;
  return Object.freeze({
    dataDir,
    controllerUrl: env.LOA_AGENT_CONTROLLER_URL.replace(/\/+$/, ''),
    claim: { code: code === undefined ? undefined : new Secret(code), file: env.LOA_AGENT_CLAIM_FILE },
    sink: {
      kind: env.LOA_AGENT_SINK,
      folder: absolute(env.LOA_AGENT_SINK_FOLDER ?? `${dataDir}/recordings`),
      alsaDevice: env.LOA_AGENT_ALSA_DEVICE,
    },
    amplifier: env.LOA_AGENT_AMPLIFIER,
    logLevel: env.LOA_AGENT_LOG_LEVEL,
  });
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
