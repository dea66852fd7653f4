import { journalEvent } from '@loa/contract';
import { describe, expect, it } from 'vitest';
import { aJournal } from './journal-rig.ts';
import { trimJournal } from './retention.ts';

const LIMITS = { maxEvents: 200, maxBytes: 32_768 };
const DAY_MS = 86_400_000;

describe('the journal of a box', () => {
  it('counts without gaps over restarts, under one id made with the database', () => {
    const first = aJournal();
    expect([first.note('a'), first.note('b')]).toEqual([1, 2]);
    first.database.close();
    const second = aJournal(first);
    expect(second.journal.id).toBe(first.journal.id);
    expect(second.note('c')).toBe(3);
    expect(second.all().map((event) => journalEvent.parse(event).seq)).toEqual([1, 2, 3]);
    second.database.close();
  });

  it('hands out batches that fit: by bytes, by count, and at least one event', () => {
    const { journal, note } = aJournal();
    for (let i = 0; i < 300; i++) note('x'.repeat(100));
    expect(journal.after(0, LIMITS).length).toBeLessThanOrEqual(200);
    expect(journal.after(0, { ...LIMITS, maxBytes: 1 })).toHaveLength(1);
    expect(journal.after(300, LIMITS)).toEqual([]);
    expect(
      journal.after(0, { ...LIMITS, maxBytes: 1000 }).reduce((sum, { bytes }) => sum + bytes, 0),
    ).toBeLessThan(1001);
  });

  it('takes an event back with the transaction in which it was written', () => {
    const { journal, note, database } = aJournal();
    note('a');
    expect(() =>
      database.transaction(() => {
        note('b');
        throw new Error('disk full');
      }),
    ).toThrow();
    expect(journal.head()).toBe(1);
    expect(note('c')).toBe(2);
  });
});

describe('what the journal forgets', () => {
  it('is what was acknowledged 60 days ago, and nothing that was not', async () => {
    const { journal, note, database, clock, time, all } = aJournal();
    note('acknowledged');
    note('not yet');
    journal.setAckedTo(1);
    const trim = () => trimJournal({ database, journal, nowMs: time.read().nowMs, budgetBytes: 1e6 });
    await clock.advance(59 * DAY_MS);
    trim();
    expect(all()).toHaveLength(2);
    await clock.advance(2 * DAY_MS);
    trim();
    expect(all().map(({ detail }) => detail)).toEqual(['not yet']);
    expect(note('later')).toBe(3);
  });

  it('over the byte budget is the oldest acknowledged first, then the oldest of all, with a mark where it was', () => {
    const { journal, note, database, time, all } = aJournal();
    for (let i = 1; i <= 10; i++) note('x'.repeat(300));
    journal.setAckedTo(3);
    const size = all().reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    const trim = (budgetBytes: number) =>
      trimJournal({ database, journal, nowMs: time.read().nowMs, budgetBytes });
    trim(size * 0.75);
    expect(all().map(({ seq, kind }) => [seq, kind])[0]).toEqual([4, 'fault']);
    trim(size * 0.45);
    const [first, second] = all();
    expect(first).toMatchObject({ kind: 'lost', from: 4, to: first.seq });
    expect(second.seq).toBe(first.seq + 1);
    expect(journalEvent.parse(first).kind).toBe('lost');
    trim(size * 0.3);
    expect(all()[0]).toMatchObject({ kind: 'lost', from: 4 });
    expect(all()[0].to).toBeGreaterThan(first.to);
  });
});
