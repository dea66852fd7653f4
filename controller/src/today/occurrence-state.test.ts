import { describe, expect, it } from 'vitest';
import { occurrenceState } from './occurrence-state.ts';

const START = 1_000_000;
/** A sound of a minute, of which nothing was heard yet. */
const facts = {
  startsAtMs: START,
  plannedMs: 60_000,
  isWithdrawn: false,
  hasOutcome: false,
  claimedAtMs: undefined,
};
const claimed = { ...facts, claimedAtMs: START + 10_000 };

describe('what an occurrence is doing', () => {
  it.each([
    ['planned before its start', facts, START - 1, 'planned'],
    ['due from its start on', facts, START, 'due'],
    ['due for a minute after its end, while the report may be on its way', facts, START + 119_999, 'due'],
    ['unreported after that', facts, START + 120_000, 'unreported'],
    ['playing once its box says so, also before the start by our clock', claimed, START - 1, 'playing'],
    ['playing for as long as it takes from the claim', claimed, START + 129_999, 'playing'],
    ['unreported when it claimed and said no more', claimed, START + 130_000, 'unreported'],
    [
      'withdrawn for ever when nobody heard it',
      { ...facts, isWithdrawn: true },
      START + 999_999,
      'withdrawn',
    ],
    [
      'playing although withdrawn, when the box went on',
      { ...claimed, isWithdrawn: true },
      START + 20_000,
      'playing',
    ],
    ['ended once there is an outcome', { ...claimed, hasOutcome: true }, START + 1, 'ended'],
    [
      'ended also when it was withdrawn',
      { ...facts, isWithdrawn: true, hasOutcome: true },
      START - 1,
      'ended',
    ],
  ])('is: %s', (_, about, nowMs, wanted) => {
    expect(occurrenceState(about, nowMs)).toBe(wanted);
  });
});
