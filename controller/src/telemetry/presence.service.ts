import type { Hello, Status } from '@loa/contract';
import type { Clock, Logger } from '@loa/kernel';
import type { ClockState } from '@loa/schedules';
import type { Db } from '../db/database.ts';
import type { LiveEvents } from '../live-events/live-events.service.ts';
import type { Box } from '../orders/box.store.ts';
import { createPresenceStore, type PresenceRow } from './presence.store.ts';

/** Who is there, as far as the controller has heard. */
export interface Presence {
  /** A greeting: this database's newest birth, even when its number is lower because the box began anew. */
  greeted(box: Box, hello: Hello, isNewJournal: boolean): Promise<void>;
  /** The retained word of the box, or its will. A late will carries an older birth and is ignored. */
  said(box: Box, status: Status): Promise<void>;
  /** Anything else proves that the box lives, and may say how sure it is of the time. */
  heard(box: Box, clockState?: ClockState): Promise<void>;
  /** Two machines speak under one identity: both go on with what they hold, and somebody must choose. */
  cloned(box: Box, instanceIds: readonly [string, string]): Promise<void>;
  /** Counts out who was not heard for two and a half minutes: a broker that died sends no wills. */
  sweep(): Promise<void>;
}

/** Health comes every 60 s: two are missing, and half a minute of grace. */
const SILENT_AFTER_MS = 150_000;
/** Writing down each sign of life would only wear the disk. */
const HEARD_EVERY_MS = 10_000;

const CLONES = 'device/clones';

/** Creates the presence of boxes. */
export function createPresence({
  db,
  clock,
  liveEvents,
  log,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly liveEvents: LiveEvents;
  readonly log: Logger;
}): Presence {
  const store = createPresenceStore(db);
  const nowMs = () => clock.now().epochMilliseconds;
  const blank = (box: Box): PresenceRow => ({
    device_id: box.id,
    online: 0,
    birth: 0,
    boot_id: null,
    instance_id: null,
    agent_version: null,
    clock: null,
    last_heard_ms: nowMs(),
    since_ms: nowMs(),
    alarm: null,
  });
  const change = async (
    clusterId: string,
    before: PresenceRow,
    facts: Partial<PresenceRow> & { readonly online: 0 | 1 },
  ) => {
    const turned = before.online !== facts.online;
    await store.put({ ...before, ...facts, since_ms: turned ? nowMs() : before.since_ms });
    if (turned) await liveEvents.publish({ kind: 'presence', clusterId, online: facts.online === 1 });
  };
  return {
    async greeted(box, hello, isNewJournal) {
      const before = (await store.find(box.id)) ?? blank(box);
      if (!isNewJournal && hello.birth < before.birth) return; // an older greeting that was held up
      await change(box.clusterId, before, {
        online: 1,
        birth: hello.birth,
        boot_id: hello.bootId,
        instance_id: hello.instanceId,
        agent_version: hello.agentVersion,
        clock: hello.clock.state,
        last_heard_ms: nowMs(),
      });
    },
    async said(box, { state, birth, instanceId }) {
      const before = (await store.find(box.id)) ?? blank(box);
      if (state === 'online') {
        if (birth < before.birth) return; // the greeting will say if the box began anew
        return change(box.clusterId, before, {
          online: 1,
          birth,
          instance_id: instanceId,
          last_heard_ms: nowMs(),
        });
      }
      const isThisBirth = birth === before.birth && instanceId === before.instance_id;
      if (isThisBirth || before.birth === 0)
        await change(box.clusterId, before, { online: 0, birth, instance_id: instanceId });
    },
    async heard(box, clockState) {
      const before = (await store.find(box.id)) ?? blank(box);
      const isClockKnown = clockState === undefined || clockState === before.clock;
      if (before.online === 1 && isClockKnown && nowMs() - before.last_heard_ms < HEARD_EVERY_MS) return;
      const facts = { online: 1 as const, last_heard_ms: nowMs(), clock: clockState ?? before.clock };
      await change(box.clusterId, before, facts);
    },
    async cloned(box, instanceIds) {
      log.error({ deviceId: box.id, instanceIds }, 'two machines speak under one identity');
      const row = await store.find(box.id);
      if (row?.alarm === CLONES) return;
      await store.setAlarm(box.id, CLONES);
      await liveEvents.publish({ kind: 'alarm', clusterId: box.clusterId, code: CLONES });
    },
    async sweep() {
      for (const { cluster_id, ...row } of await store.silentSince(nowMs() - SILENT_AFTER_MS))
        await change(cluster_id, row, { online: 0 });
    },
  };
}
