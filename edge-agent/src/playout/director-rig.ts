import {
  createSigner,
  deviceId,
  EVERY_BOX,
  type JournalEvent,
  type JournalEventOf,
  type MessageOf,
  type PlanContent,
  type StateOrder,
} from '@loa/contract';
import {
  aConfig,
  aKeyRecord,
  aPlan,
  aPolicy,
  aSound,
  EXAMPLE_MS,
  sha256Of,
  someKeys,
  TEST_KEYS,
} from '@loa/contract/testing';
import { createFakeAmplifier, createPowerKeeper } from '@loa/firmware-bridge';
import type { OccurrenceId } from '@loa/kernel';
import { countingId, type FakeClock, fakeClock, memoryLogger } from '@loa/kernel/testing';
import { ROUTINE_RULES } from '@loa/schedules';
import { createTimekeeper } from '../clock/timekeeper.ts';
import { openAgentDatabase } from '../db/agent-database.ts';
import { openJournal } from '../journal/journal.ts';
import { loadHeldStates } from '../orders/held-states.ts';
import { openStateStore } from '../orders/state-store.ts';
import { establishTrust } from '../orders/trust-anchor.ts';
import { tempFolder } from '../temp-folder.ts';
import { createDirector } from './director.ts';
import { openOccurrenceStore } from './occurrence-store.ts';
import { createPlaybackFake, type PlaybackFake } from './playback.fake.ts';
import { createStage } from './stage.ts';

const DEVICE = deviceId.parse('box-0001');
export const MINUTE_MS = 60_000;

type Body<Kind extends StateOrder['kind']> = Extract<StateOrder, { kind: Kind }>['body'];

/** What outlives a process: the disk, and the air in which sounds were heard. */
export interface Box {
  readonly dir: string;
  readonly clock: FakeClock;
  readonly player: PlaybackFake;
}

/** A box ten minutes before the examples' first broadcast at 05:00. */
export function aBox({ lengthMs = 15_000 }: { readonly lengthMs?: number } = {}): Box {
  const clock = fakeClock(Temporal.Instant.fromEpochMilliseconds(EXAMPLE_MS - 10 * MINUTE_MS).toString());
  return { dir: tempFolder(), clock, player: createPlaybackFake({ clock, lengthMs: () => lengthMs }) };
}

/** Starts a director with everything real around it but the player, as one process on a box. */
export async function startDirector(
  box: Box,
  {
    bootId = 'boot-1',
    policy = aPolicy(),
    trusted = true,
  }: { bootId?: string; policy?: Body<'policy'> | null; trusted?: boolean } = {},
) {
  const { clock, player } = box;
  const log = memoryLogger();
  const database = openAgentDatabase({ dir: box.dir, log, suffix: 't' });
  const time = createTimekeeper({ clock, memory: database, bootId, hasRtc: true });
  await time.start();
  const tellTime = () =>
    time.offer({
      theirMs: clock.now().epochMilliseconds,
      sentMonotonicMs: clock.monotonicMs(),
      gotMonotonicMs: clock.monotonicMs(),
      notBeforeMs: 0,
      notAfterMs: Number.MAX_SAFE_INTEGER,
    });
  if (trusted) tellTime();
  const journal = openJournal({ database, time, bootId, randomId: countingId() });
  const states = openStateStore({ database });
  const root = await createSigner(TEST_KEYS.root);
  const orders = await createSigner(TEST_KEYS.order);
  const base = { v: 1, suite: 'eddsa-1', id: 'ord_0001', issuedAtMs: EXAMPLE_MS, epoch: 1 } as const;
  const enrolledKeys = await root.sign({
    ...base,
    kind: 'keys',
    device: EVERY_BOX,
    rev: 1,
    body: someKeys({ orderKeys: [aKeyRecord(orders.publicKey)], hardVolumeCapDb: -2 }),
  });
  const trust = await establishTrust({ device: DEVICE, root: root.publicKey, enrolledKeys, states });
  const held = await loadHeldStates({ states, trust, log, maxBytes: 1e6 });
  const store = openOccurrenceStore({ database, journal, bootId });
  const amplifier = createFakeAmplifier({ clock });
  const power = createPowerKeeper({ amplifier, clock, log });
  await amplifier.start();
  power.start();
  const missing = new Set<string>();
  const heldListeners = new Set<() => void>();
  const warmUpMs = () => 200;
  const stage = createStage({
    player,
    power,
    store,
    warmUpMs,
    calibrationMs: () => 0,
    distrust: () => {},
    clock,
    log,
  });
  const director = createDirector({
    held,
    store,
    journal,
    media: {
      path: (sound) => (missing.has(sound) ? undefined : `/media/${sound}`),
      want() {},
      onHeld(listener) {
        heldListeners.add(listener);
        return () => void heldListeners.delete(listener);
      },
    },
    player,
    stage,
    time,
    warmUpMs,
    firstWelcomeMs: () => EXAMPLE_MS - 86_400_000,
    bootId,
    clock,
    log,
  });
  let rev = 1;
  const adopt = <Kind extends StateOrder['kind']>(kind: Kind, body: Body<Kind>) =>
    held.adopt({ ...base, device: DEVICE, kind, rev: ++rev, body } as unknown as MessageOf<Kind>);
  if (policy) adopt('policy', policy);
  adopt('config', aConfig());
  await director.start();
  await clock.advance(0);
  const events = (): JournalEvent[] =>
    journal.after(0, { maxEvents: 1000, maxBytes: 1e9 }).map(({ json }) => JSON.parse(json));
  return {
    director,
    amplifier,
    power,
    time,
    log,
    held,
    adopt,
    tellTime,
    plan: (content: PlanContent) => adopt('plan', { kind: 'inline', content }),
    events,
    eventsOf: <Kind extends JournalEvent['kind']>(kind: Kind) =>
      events().filter((event): event is JournalEventOf<Kind> & JournalEvent => event.kind === kind),
    outcomes: () =>
      events().flatMap((event) =>
        event.kind === 'outcome' ? [`${event.occurrenceId} ${event.result} ${event.reason}`] : [],
      ),
    lose(sound: string) {
      missing.add(sound);
    },
    bring(sound: string) {
      missing.delete(sound);
      for (const listener of heldListeners) listener();
    },
    /** The process dies: nothing it would still do happens, its file locks go. */
    kill() {
      database.close();
    },
    async stop() {
      const stopping = director.stop(new AbortController().signal);
      await clock.advance(1_000);
      await stopping;
      time.stop(new AbortController().signal);
      database.close();
    },
  };
}

/** A plan of occurrences at minutes after 05:00. */
export function planOf(
  occurrences: readonly {
    readonly id: string;
    readonly atMin: number;
    readonly class?: 'routine' | 'priority' | 'emergency';
  }[],
  rules: Partial<typeof ROUTINE_RULES> = {},
  overrides: Partial<PlanContent> = {},
): PlanContent {
  const plan = aPlan({ count: 1 });
  const [item] = plan.items;
  const classes = ['routine', 'priority', 'emergency'] as const;
  return {
    ...plan,
    items: item ? classes.map((name) => ({ ...item, rules: { ...item.rules, ...rules, class: name } })) : [],
    occurrences: occurrences.map(({ id, atMin, class: name = 'routine' }) => ({
      id: id as OccurrenceId,
      item: classes.indexOf(name),
      startsAtMs: EXAMPLE_MS + atMin * MINUTE_MS,
      plannedMs: 15_000,
    })),
    ...overrides,
  };
}

/** An order to sound something now. */
export function aPlay({
  id = 'act_0001',
  nowMs = EXAMPLE_MS,
  ...body
}: { id?: string; nowMs?: number } & Partial<MessageOf<'play'>['body']> = {}): MessageOf<'play'> {
  return {
    v: 1,
    suite: 'eddsa-1',
    device: DEVICE,
    id,
    kind: 'play',
    issuedAtMs: nowMs,
    expMs: nowMs + MINUTE_MS,
    body: {
      occurrenceId: `occ-${id}` as OccurrenceId,
      title: 'Cảnh báo',
      rules: { ...ROUTINE_RULES, class: 'emergency', start: { kind: 'hard' } },
      sounds: [aSound('warning')],
      parts: [{ kind: 'sound', sound: 0 }],
      repeat: { times: 1, gapMs: 0 },
      gainDb: 0,
      startAtMs: null,
      stopByMs: nowMs + 10 * MINUTE_MS,
      drill: false,
      authority: { kind: 'two-persons', by: 'A', confirmedBy: 'B' },
      ...body,
    },
  };
}

export { EXAMPLE_MS, sha256Of };
