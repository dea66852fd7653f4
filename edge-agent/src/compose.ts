import { readFile } from 'node:fs/promises';
import type { Clock, Lifecycle, Logger, RandomId } from '@loa/kernel';
import { createLifecycle, randomId, Secret, systemClock } from '@loa/kernel';
import { type Machine, readMachine } from './clock/machine.ts';
import { createTimekeeper } from './clock/timekeeper.ts';
import { composeBox } from './compose-box.ts';
import type { AgentConfig } from './config.ts';
import { openAgentDatabase } from './db/agent-database.ts';
import { prepareDataDir } from './db/data-dir.ts';
import { deviceKey } from './enrol/device-key.ts';
import { enrol } from './enrol/enrol.ts';
import { openJournal } from './journal/journal.ts';
import { createHttp } from './link/http.ts';
import { AGENT_VERSION } from './version.ts';

/** What the agent takes from the world; every entry has a real default. */
export interface AgentDeps {
  readonly log: Logger;
  readonly clock?: Clock;
  readonly randomId?: RandomId;
  /** 0 (inclusive) to 1 (exclusive); for jitter only. */
  readonly random?: () => number;
  readonly machine?: Machine;
}

/** The program on a box. */
export interface Agent {
  /**
   * Opens the data folder, gets the box its identity when it has none, which may wait for a person, then begins to serve.
   * @throws {AppError} with a sentence for whoever installs the box; see README for the codes.
   */
  start(): Promise<void>;
  /** Ends everything within 5 s. Returns the names of parts that did not end. */
  stop(): Promise<readonly string[]>;
}

/** Builds the agent by hand, from the leaves up. */
export function createAgent(config: AgentConfig, deps: AgentDeps): Agent {
  const { log, clock = systemClock, random = Math.random } = deps;
  const makeId = deps.randomId ?? randomId;
  const machine = deps.machine ?? readMachine();
  let life: AbortController | undefined;
  let lifecycle: Lifecycle | undefined;
  let closeDatabase = () => {};

  const claimCode = async (): Promise<Secret | undefined> => {
    const { code, file } = config.claim;
    if (code || file === undefined) return code;
    return new Secret((await readFile(file, 'utf8')).trim());
  };

  const start = async (signal: AbortSignal) => {
    prepareDataDir(config.dataDir);
    const suffix = clock.now().toString().replaceAll(/[-:]/g, '');
    const database = openAgentDatabase({ dir: config.dataDir, log, suffix });
    closeDatabase = database.close;
    const { bootId } = machine;
    const time = createTimekeeper({ clock, memory: database, bootId, hasRtc: machine.hasRtc });
    await time.start();
    const journal = openJournal({ database, time, bootId, randomId: makeId });
    journal.append({ kind: 'boot', agentVersion: AGENT_VERSION, cause: 'the agent was started' });
    if (database.movedTo)
      journal.append({
        kind: 'fault',
        code: 'agent/database-damaged',
        detail: 'the database was damaged and moved aside; this journal began anew',
      });
    const key = await deviceKey(config.dataDir);
    const http = createHttp({ controllerUrl: config.controllerUrl });
    const identity = await enrol({
      dataDir: config.dataDir,
      http,
      claimCode,
      key,
      clock,
      log,
      signal,
    });
    const parts = await composeBox({
      config,
      http,
      identity,
      key,
      database,
      journal,
      time,
      bootId,
      instanceId: makeId('inst'),
      log,
      random,
    });
    lifecycle = createLifecycle([time, ...parts], { clock, log });
    await lifecycle.start();
    signal.throwIfAborted();
    log.info(
      { device: identity.deviceId, version: AGENT_VERSION, journal: journal.id },
      'the agent serves its cluster',
    );
  };

  const stop = async () => {
    life?.abort();
    life = undefined;
    const hung = (await lifecycle?.stop()) ?? [];
    lifecycle = undefined;
    closeDatabase();
    return hung;
  };

  return {
    async start() {
      if (life) return;
      life = new AbortController();
      try {
        await start(life.signal);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}
