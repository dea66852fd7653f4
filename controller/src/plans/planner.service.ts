import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Logger, Part } from '@loa/kernel';
import type { ClusterStates } from './cluster-states.ts';

/** Keeps what every box should hold in step with what people decided. */
export interface Planner {
  /** Compiles these clusters anew and sends what differs. Coalesced and asynchronous; its own failures are logged and tried again. */
  replan(clusterIds: readonly string[] | 'all'): void;
  /** Resolves when nothing that was asked for is still being compiled. */
  settle(): Promise<void>;
}

/** The planner as a part of the controller. */
export interface PlannerPart extends Planner, Part {
  /** The daily job: a new day moves the horizon, and with it the audit head reaches every box (P10). */
  extendHorizon(): Promise<void>;
}

/** Changes that come together are compiled once. */
const GATHER_MS = 50;
const TRY_AGAIN_MS = 30_000;

/** Creates the planner: one run at a time, whatever is asked meanwhile. At its start it brings every box up to date. */
export function createPlanner({
  states,
  clock,
  log,
}: {
  readonly states: ClusterStates;
  readonly clock: Clock;
  readonly log: Logger;
}): PlannerPart {
  let life: AbortController | undefined;
  let running: Promise<void> | undefined;
  let asked = new Set<string>();
  let isAllAsked = false;

  const isAsked = () => isAllAsked || asked.size > 0;
  const take = async (): Promise<readonly string[]> => {
    const ids = isAllAsked ? await states.activeClusters() : [...asked];
    asked = new Set();
    isAllAsked = false;
    return ids;
  };
  const tryAgain = (clusterIds: readonly string[], signal: AbortSignal) => {
    void clock.sleep(TRY_AGAIN_MS, { signal }).then(
      () => replan(clusterIds),
      () => {}, // stopped
    );
  };
  const run = async (signal: AbortSignal) => {
    while (isAsked() && !signal.aborted) {
      await clock.sleep(GATHER_MS, { signal });
      const failed: string[] = [];
      for (const clusterId of await take()) {
        if (signal.aborted) return;
        await nextTurn(); // the database answers without one, and an emergency must not wait for 150 plans
        try {
          await states.bringUpToDate(clusterId);
        } catch (error) {
          failed.push(clusterId);
          log.error(
            { err: error, clusterId },
            'a cluster could not be planned; its box keeps what could not be set',
          );
        }
      }
      if (failed.length > 0) tryAgain(failed, signal);
    }
  };
  const replan: Planner['replan'] = (clusterIds) => {
    if (clusterIds === 'all') isAllAsked = true;
    else for (const id of clusterIds) asked.add(id);
    if (running || !life) return;
    const { signal } = life;
    running = run(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        log.error({ err: error }, 'the planner stumbled and begins anew');
        void clock.sleep(TRY_AGAIN_MS, { signal }).then(
          () => replan('all'),
          () => {},
        );
      })
      .finally(() => {
        running = undefined;
        if (isAsked()) replan([]);
      });
  };
  const settle = async () => {
    while (running) await running;
  };

  return {
    name: 'planner',
    replan,
    settle,
    async extendHorizon() {
      replan('all');
      await settle();
    },
    start() {
      if (life) return;
      life = new AbortController();
      replan('all');
    },
    async stop() {
      life?.abort();
      life = undefined;
      await settle();
    },
  };
}
