import { basename } from 'node:path';
import { sha256 } from '@loa/contract';
import { createFakeAmplifier, createPowerKeeper } from '@loa/firmware-bridge';
import type { DeviceId, Logger, Part } from '@loa/kernel';
import type { Prefetch } from './cache/prefetch.ts';
import type { Timekeeper } from './clock/timekeeper.ts';
import type { AgentConfig } from './config.ts';
import type { AgentDatabase } from './db/agent-database.ts';
import type { PartsHealth } from './health/sampler.ts';
import type { Journal } from './journal/journal.ts';
import type { HeldStates } from './orders/held-states.ts';
import { createDirector, type Director } from './playout/director.ts';
import { noAmplifier } from './playout/no-amplifier.ts';
import { openOccurrenceStore } from './playout/occurrence-store.ts';
import { createPlayer } from './playout/player.ts';
import { workerHost } from './playout/player-link.ts';
import { createStage, type Power } from './playout/stage.ts';
import { toSentence } from './sentence.ts';
import { chooseSink } from './sink-choice.ts';

/** Everything between a decision and the horn. */
export interface Horn {
  readonly director: Director;
  /** Whether the amplifier falls off by itself when its lease runs out (P8). */
  readonly failSafe: 'device-timer' | 'none';
  /** In the order in which they start. */
  readonly parts: readonly Part[];
  health(): Pick<PartsHealth, 'playing' | 'held' | 'sinkReady' | 'amplifierOn' | 'faults'>;
}

/** Builds the player, the amplifier and the director of one horn. */
export function composeHorn({
  config,
  device,
  database,
  journal,
  time,
  held,
  prefetch,
  firstWelcomeMs,
  bootId,
  log,
}: {
  readonly config: AgentConfig;
  readonly device: DeviceId;
  readonly database: AgentDatabase;
  readonly journal: Journal;
  readonly time: Timekeeper;
  readonly held: HeldStates;
  readonly prefetch: Prefetch;
  readonly firstWelcomeMs: () => number | undefined;
  readonly bootId: string;
  readonly log: Logger;
}): Horn {
  const { clock } = time;
  const player = createPlayer({
    clock,
    log: log.child({ part: 'player' }),
    host: workerHost(chooseSink(config.sink, device)),
  });
  const { power, parts, failSafe } = composePower(config.amplifier, { journal, time, log });
  const reportFault = (error: unknown) => log.error({ err: error }, 'a damaged sound could not be removed');
  const warmUpMs = () => (config.amplifier === 'none' ? 0 : (held.config()?.amplifier.warmUpMs ?? 0));
  const store = openOccurrenceStore({ database, journal, bootId });
  const stage = createStage({
    player,
    power,
    store,
    warmUpMs,
    calibrationMs: () => held.config()?.calibrationMs ?? 0,
    distrust: (path) => void prefetch.distrust(sha256.parse(basename(path))).catch(reportFault),
    clock,
    log: log.child({ part: 'stage' }),
  });
  const director = createDirector({
    held,
    store,
    journal,
    media: prefetch,
    player,
    stage,
    time,
    warmUpMs,
    firstWelcomeMs,
    bootId,
    clock,
    log: log.child({ part: 'director' }),
  });
  return {
    director,
    failSafe,
    parts: [sinkWitness(player, journal, time), player, ...parts, director],
    health: () => {
      const { power: isOn, fault } = power.state();
      const sinkReady = player.sinkState().kind === 'ready';
      return {
        ...director.state(),
        sinkReady,
        amplifierOn: isOn === 'on',
        faults: [...(sinkReady ? [] : ['sink' as const]), ...(fault ? ['amplifier' as const] : [])],
      };
    },
  };
}

function composePower(
  kind: AgentConfig['amplifier'],
  {
    journal,
    time: { clock },
    log,
  }: { readonly journal: Journal; readonly time: Timekeeper; readonly log: Logger },
): { readonly power: Power; readonly parts: readonly Part[]; readonly failSafe: Horn['failSafe'] } {
  if (kind === 'none') return { power: noAmplifier, parts: [], failSafe: 'none' };
  const amplifier = createFakeAmplifier({ clock });
  let last = 'off';
  amplifier.onChange(({ power, faults }) => {
    const state = faults.length > 0 ? 'fault' : power;
    if (state === last) return;
    last = state;
    journal.append({ kind: 'amplifier', state, detail: faults.join(', ') });
  });
  const keeper = createPowerKeeper({ amplifier, clock, log: log.child({ part: 'amplifier' }) });
  return { power: keeper, parts: [amplifier, keeper], failSafe: amplifier.failSafe };
}

/** Writes into the journal when sound can leave and when it cannot. */
function sinkWitness(player: ReturnType<typeof createPlayer>, journal: Journal, { clock }: Timekeeper): Part {
  let stopListening = () => {};
  let lostMs: number | undefined;
  return {
    name: 'sink witness',
    start() {
      stopListening();
      stopListening = player.onSinkChange((state) => {
        if (state.kind === 'opening') return;
        const gapMs = lostMs === undefined ? 0 : Math.round(clock.monotonicMs() - lostMs);
        lostMs = state.kind === 'ready' ? undefined : (lostMs ?? clock.monotonicMs());
        journal.append({
          kind: 'sink',
          state: state.kind === 'ready' ? 'opened' : state.kind,
          gapMs,
          detail: toSentence('reason' in state ? state.reason : ''),
        });
      });
    },
    stop: () => stopListening(),
  };
}
