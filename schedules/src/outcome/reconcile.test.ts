import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE, REASONS, RESULTS } from '../outcome.ts';
import { ledgerStep, type Outcome, type OutcomeEvent, type PlannedState, reconcile } from './reconcile.ts';

const planned: PlannedState = { startsAtMs: 1000, isWithdrawn: false, isStillHeld: true };
const played: OutcomeEvent = {
  journalId: 'jrn-1',
  seq: 7,
  plannedAtMs: 1000,
  result: 'played',
  reason: 'complete',
  evidence: 'sink',
};
const anEvent: fc.Arbitrary<OutcomeEvent> = fc.record({
  journalId: fc.constantFrom('jrn-1', 'jrn-2'),
  seq: fc.integer({ min: 1, max: 50 }),
  plannedAtMs: fc.constantFrom(1000, 2000),
  result: fc.constantFrom(...RESULTS),
  reason: fc.constantFrom(...REASONS),
  evidence: fc.constantFrom(...EVIDENCE),
});
/** A journal never says two things under one number. */
const someEvents = fc.uniqueArray(anEvent, {
  selector: ({ journalId, seq }) => `${journalId}/${seq}`,
  maxLength: 8,
});

describe('S-30 every occurrence ends in exactly one outcome (P3)', () => {
  it('nothing was heard of it yet: unreported', () => {
    expect(reconcile(planned, [])).toBe('unreported');
  });

  it('a report is the outcome, with where it stands', () => {
    expect(reconcile(planned, [played])).toEqual({
      result: 'played',
      reason: 'complete',
      evidence: 'sink',
      source: { journalId: 'jrn-1', seq: 7 },
    });
  });

  it('withdrawn and held by no box any more: skipped, withdrawn', () => {
    expect(reconcile({ ...planned, isWithdrawn: true, isStillHeld: false }, [])).toEqual({
      result: 'skipped',
      reason: 'withdrawn',
      evidence: 'none',
      source: null,
    });
  });

  it('withdrawn while a box still holds it: unreported, since it may sound', () => {
    expect(reconcile({ ...planned, isWithdrawn: true }, [])).toBe('unreported');
  });

  it('sounded although withdrawn: played, withdrawn', () => {
    expect(reconcile({ ...planned, isWithdrawn: true }, [played])).toMatchObject({
      result: 'played',
      reason: 'withdrawn',
    });
  });

  it('sounded at the time of an older plan: played, withdrawn', () => {
    expect(reconcile({ ...planned, startsAtMs: 2000 }, [played])).toMatchObject({
      result: 'played',
      reason: 'withdrawn',
    });
  });

  it('missed in an older plan stays missed, for its own reason', () => {
    const missed: OutcomeEvent = { ...played, result: 'missed', reason: 'slept-through', evidence: 'none' };
    expect(reconcile({ ...planned, isWithdrawn: true }, [missed])).toMatchObject({
      result: 'missed',
      reason: 'slept-through',
    });
  });

  it('of two boxes that report, the one that was heard counts', () => {
    const missed: OutcomeEvent = { ...played, journalId: 'jrn-0', result: 'missed', reason: 'no-media' };
    expect(reconcile(planned, [missed, played])).toMatchObject({ result: 'played' });
  });

  it('of two that were heard, the stronger evidence counts', () => {
    const line: OutcomeEvent = { ...played, journalId: 'jrn-2', evidence: 'line' };
    expect(reconcile(planned, [played, line])).toMatchObject({ evidence: 'line' });
  });

  it('of two equal reports the first journal and the first number count', () => {
    const later = { ...played, seq: 9 };
    const other = { ...played, journalId: 'jrn-2', seq: 1 };
    for (const events of [
      [other, later, played],
      [played, later, other],
    ])
      expect(reconcile(planned, events)).toMatchObject({ source: { journalId: 'jrn-1', seq: 7 } });
  });

  it('any order and any repetition of the reports gives the same outcome', () => {
    fc.assert(
      fc.property(
        someEvents.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          ),
        ),
        ([events, shuffled]) => {
          expect(reconcile(planned, shuffled)).toEqual(reconcile(planned, events));
        },
      ),
    );
  });

  it('one report is enough to close it, and more never open it again', () => {
    fc.assert(
      fc.property(someEvents, anEvent, (events, more) => {
        expect(reconcile(planned, [...events, more])).not.toBe('unreported');
      }),
    );
  });
});

describe('S-31 the ledger closes once and is corrected after', () => {
  const complete: Outcome = {
    result: 'played',
    reason: 'complete',
    evidence: 'sink',
    source: { journalId: 'jrn-1', seq: 7 },
  };
  it('an unreported occurrence appends nothing', () => {
    expect(ledgerStep(undefined, 'unreported')).toEqual({ kind: 'nothing' });
  });

  it('the first outcome closes it', () => {
    expect(ledgerStep(undefined, complete)).toEqual({ kind: 'close', outcome: complete });
  });

  it('the same outcome again appends nothing, also from another journal', () => {
    const same = { ...complete, source: { journalId: 'jrn-2', seq: 1 } };
    expect(ledgerStep(complete, same)).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['result', { ...complete, result: 'partial' }],
    ['reason', { ...complete, reason: 'withdrawn' }],
    ['evidence', { ...complete, evidence: 'microphone' }],
  ] as const)('a late journal with another %s is a correction', (_, late) => {
    expect(ledgerStep(complete, late)).toEqual({ kind: 'correct', outcome: late });
  });
});
