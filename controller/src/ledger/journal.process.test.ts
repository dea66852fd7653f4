import { type JournalEvent, type JournalEventOf, occurrenceId } from '@loa/contract';
import { sha256Of, TEST_KEYS } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { aPlannable, BOX, CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

const STARTS_MS = 1_767_574_800_000; // 08:00 in Viet Nam
const ID = `${CLUSTER}~ser_1~${STARTS_MS}`;
const base = (seq: number) => ({ seq, atMs: STARTS_MS + seq, clock: 'trusted' as const, bootId: 'boot-1' });

function anOutcome(seq: number, overrides: Partial<JournalEventOf<'outcome'>> = {}): JournalEvent {
  return {
    ...base(seq),
    kind: 'outcome',
    occurrenceId: occurrenceId.parse(ID),
    origin: { kind: 'plan', epoch: 1, rev: 1 },
    plannedAtMs: STARTS_MS,
    result: 'played',
    reason: 'complete',
    evidence: 'sink',
    airing: {
      startedAtMs: STARTS_MS + 12,
      endedAtMs: STARTS_MS + 15_012,
      startErrorMs: 12,
      heardMs: 15_000,
      repeatsDone: 1,
      gainDb: 0,
      peakDbfs: -1.2,
      rmsDbfs: -16.3,
    },
    detail: '',
    ...overrides,
  };
}
const aBoot = (seq: number): JournalEvent => ({
  ...base(seq),
  kind: 'boot',
  agentVersion: '0.1.0',
  cause: '',
});

async function started() {
  const site = await startWire({ series: [aPlannable()] });
  const box = await scriptBox(site);
  await site.until(() => site.db.selectFrom('occurrences').selectAll().executeTakeFirst());
  return {
    ...site,
    box,
    rows: () => site.db.selectFrom('ledger').selectAll().orderBy('id').execute(),
    events: () => site.db.selectFrom('journal_events').select('seq').orderBy('seq').execute(),
    acks: async () => (await box.all('ack')).map(({ message }) => message.body.seq),
  };
}

describe('P5: a journal batch', () => {
  it('is acknowledged when it is committed, with everything that follows from it', async () => {
    const { box, rows, live } = await started();
    await box.journal([
      aBoot(1),
      {
        ...base(2),
        kind: 'claim',
        occurrenceId: occurrenceId.parse(ID),
        origin: { kind: 'plan', epoch: 1, rev: 1 },
        plannedAtMs: STARTS_MS,
      },
      anOutcome(3),
    ]);
    const { message } = await box.next('ack');
    expect(message.body).toEqual({ journalId: 'jrn-1', seq: 3 });
    expect(await rows()).toMatchObject([
      {
        occurrence_id: ID,
        cluster_id: CLUSTER,
        device_id: BOX,
        result: 'played',
        start_error_ms: 12,
        heard_ms: 15_000,
      },
    ]);
    await box.sync();
    expect(await live('started')).toEqual([{ kind: 'started', clusterId: CLUSTER, occurrenceId: ID }]);
    expect(await live('outcome')).toEqual([
      { kind: 'outcome', clusterId: CLUSTER, occurrenceId: ID, result: 'played' },
    ]);
  });

  it('is not acknowledged when it cannot be committed, and nothing of it is kept', async () => {
    const { box, database, rows, events, acks, log, until } = await started();
    database.raw.exec(
      `CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
    );
    await box.journal([aBoot(1), anOutcome(2)]);
    await until(() => log.lines.some(({ message }) => message === 'a message of a box could not be handled'));
    await box.sync();
    expect(await acks()).toEqual([]);
    expect(await events()).toEqual([]);
    database.raw.exec('DROP TRIGGER full');
    await box.journal([aBoot(1), anOutcome(2)]);
    await box.next('ack');
    expect(await acks()).toEqual([2]);
    expect(await rows()).toHaveLength(1);
  });

  it('that is repeated and overtaken gives one row, and each copy is acknowledged', async () => {
    const { box, rows, acks } = await started();
    await box.journal([anOutcome(3)]);
    await box.journal([aBoot(1), aBoot(2)]);
    await box.journal([anOutcome(3)]);
    await box.journal([aBoot(1), aBoot(2), anOutcome(3)]);
    await box.sync();
    expect(await acks()).toEqual([0, 3, 3, 3]);
    expect(await rows()).toHaveLength(1);
  });

  it('after a gap is kept and not acknowledged until the gap is closed or declared lost', async () => {
    const { box, acks, rows } = await started();
    await box.journal([aBoot(1)]);
    await box.journal([anOutcome(4)]);
    await box.sync();
    expect(await acks()).toEqual([1, 1]);
    expect(await rows()).toHaveLength(1); // what is known counts at once
    await box.journal([{ ...base(5), kind: 'lost', from: 2, to: 3 }]);
    await box.sync();
    expect((await acks()).at(-1)).toBe(5);
  });

  it('by another key is refused and never acknowledged', async () => {
    const { acks, box, rows, metrics, ...site } = await started();
    const forger = await scriptBox(site, { signingKey: TEST_KEYS.stranger });
    await forger.journal([anOutcome(1)]);
    await forger.sync();
    expect(await forger.all('ack')).toEqual([]);
    expect(await rows()).toEqual([]);
    expect(await metrics.text()).toContain('loa_box_messages_refused_total{why="order/unknown-key"} 1');
  });

  it('that is no journal at all does not stop the next', async () => {
    const { box, acks } = await started();
    await box.publish('journal', 'noise');
    await box.publish('hello', '{');
    await box.publish('health', Buffer.alloc(3));
    await box.publish('status', 'x'.repeat(5000));
    await box.journal([aBoot(1)]);
    await box.sync();
    expect(await acks()).toEqual([1]);
  });

  it('keeps an event of a newer agent as it came', async () => {
    const { box, db } = await started();
    await box.journal([{ ...base(1), kind: 'weather', rain: true } as never]);
    await box.next('ack');
    const row = await db.selectFrom('journal_events').selectAll().executeTakeFirstOrThrow();
    expect(JSON.parse(row.body)).toMatchObject({ event: { kind: 'weather', rain: true } });
  });

  it('goes on from where the controller stands, told in the welcome', async () => {
    const { box } = await started();
    await box.journal([aBoot(1), aBoot(2)]);
    await box.next('ack');
    await box.hello({ journal: { journalId: 'jrn-1', seq: 9 }, ackedTo: 9 });
    expect((await box.next('welcome')).message.body.journal).toEqual({ journalId: 'jrn-1', seq: 2 });
  });

  it('is acknowledged again when the health of the box shows that the acknowledgement was lost', async () => {
    const { box, acks, until } = await started();
    await box.journal([aBoot(1)]);
    await box.next('ack');
    await box.health({ journalHead: 5 });
    await until(async () => (await acks()).length === 2);
    expect(await acks()).toEqual([1, 1]);
  });
});

describe('P3: the outcome of an occurrence', () => {
  it('is due until it should have been reported, then unreported, and neither is stored', async () => {
    const { wire, clock, rows } = await started();
    expect(await wire.ledger.outcomeOf(ID)).toEqual({ state: 'due', history: [] });
    await clock.advance(3_600_000 + 15_000 + 60_001);
    expect(await wire.ledger.outcomeOf(ID)).toEqual({ state: 'unreported', history: [] });
    expect(await rows()).toEqual([]);
  });

  it('closes once by its report; the same word again, or a lesser one, adds nothing', async () => {
    const { box, wire, rows } = await started();
    await box.journal([
      anOutcome(1),
      anOutcome(2),
      anOutcome(3, { result: 'missed', reason: 'no-power', evidence: 'none', airing: null }),
    ]);
    await box.next('ack');
    expect(await rows()).toHaveLength(1);
    expect(await wire.ledger.outcomeOf(ID)).toMatchObject({
      state: 'closed',
      newest: { result: 'played', reason: 'complete' },
    });
  });

  it('is corrected by a late journal, and the history stays', async () => {
    const { box, wire } = await started();
    await box.journal(
      [anOutcome(1, { result: 'missed', reason: 'no-power', evidence: 'none', airing: null })],
      'jrn-2',
    );
    await box.next('ack');
    await box.journal([anOutcome(1)]);
    await box.next('ack', 2);
    const view = await wire.ledger.outcomeOf(ID);
    expect(view).toMatchObject({
      state: 'closed',
      newest: { result: 'played', source: { journalId: 'jrn-1', seq: 1 } },
      history: [{ result: 'missed', reason: 'no-power' }, { result: 'played' }],
    });
  });

  it('that aired from an older plan is played, withdrawn', async () => {
    const { box, wire, planned, until, db } = await started();
    planned.series = [];
    wire.planner.replan('all');
    await until(() =>
      db
        .selectFrom('occurrences')
        .selectAll()
        .where('id', '=', ID)
        .where('state', '=', 'withdrawn')
        .executeTakeFirst(),
    );
    expect(await wire.ledger.outcomeOf(ID)).toEqual({ state: 'withdrawn', history: [] });
    await box.journal([anOutcome(1)]);
    await box.next('ack');
    expect(await wire.ledger.outcomeOf(ID)).toMatchObject({
      newest: { result: 'played', reason: 'withdrawn' },
    });
  });

  it('of another cluster is not taken at a box’s word', async () => {
    const { box, rows, events } = await started();
    await box.journal([anOutcome(1, { occurrenceId: occurrenceId.parse(`clu-other~ser_1~${STARTS_MS}`) })]);
    await box.next('ack');
    expect(await rows()).toEqual([]);
    expect(await events()).toHaveLength(1); // kept, as what it is: a word of this box
  });

  it('stands in the as-broadcast record of its day', async () => {
    const { box, wire } = await started();
    await box.journal([anOutcome(1)]);
    await box.next('ack');
    const rows = await wire.ledger.asBroadcast(STARTS_MS - 8 * 3_600_000, STARTS_MS + 16 * 3_600_000);
    expect(rows).toMatchObject([{ occurrenceId: ID, clusterName: 'Thôn 1', outcome: { state: 'closed' } }]);
  });
});

describe('a sound that a box holds', () => {
  it('is known by its newest word, in whatever order the words arrive', async () => {
    const { box, db, live } = await started();
    const sha256 = sha256Of('speech') as never;
    await box.journal([{ ...base(2), kind: 'media', sha256, state: 'evicted', code: null }]);
    await box.journal([{ ...base(1), kind: 'media', sha256, state: 'held', code: null }]);
    await box.next('ack', 2);
    expect(await db.selectFrom('device_media').selectAll().execute()).toMatchObject([{ state: 'evicted' }]);
    await box.sync();
    expect((await live('readiness')).length).toBe(2);
  });
});
