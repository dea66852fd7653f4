import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

/** What keeps an agent small on a box; `edge-agent/README.md` says the same. */
const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96', '--v8-pool-size=1'];
const MAIN = fileURLToPath(new URL('../../edge-agent/src/main.ts', import.meta.url));

/** A running agent whose sound goes into WAV files. */
export interface AgentProcess extends Child {
  readonly dataDir: string;
  /** Folder of the recordings: what a listener under the pole would have heard. */
  readonly recordings: string;
}

/** Starts an agent for one cluster. */
export function startAgent(
  dataDir: string,
  {
    controllerUrl,
    claimCode,
    env = {},
  }: {
    readonly controllerUrl: string;
    readonly claimCode?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): AgentProcess {
  const recordings = join(dataDir, 'recordings');
  const environment = {
    MALLOC_ARENA_MAX: '2',
    LOA_AGENT_DATA_DIR: dataDir,
    LOA_AGENT_CONTROLLER_URL: controllerUrl,
    LOA_AGENT_SINK: 'file',
    LOA_AGENT_SINK_FOLDER: recordings,
    LOA_AGENT_AMPLIFIER: 'fake',
    LOA_AGENT_LOG_LEVEL: 'info',
    ...(claimCode === undefined ? {} : { LOA_AGENT_CLAIM_CODE: claimCode }),
    ...env,
  };
  const child = startChild(MAIN, environment, [], NODE_FLAGS);
  return { ...child, dataDir, recordings };
}
