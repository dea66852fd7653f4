import { describe, expect, it } from 'vitest';
import { type PlayRules, ROUTINE_RULES } from '../play-rules.ts';
import { ranksInOrder } from './choice.ts';
import { longestWaitMs, meet } from './horn.ts';
import { mayStartLate, ON_TIME_MS } from './late.ts';

const routine = ROUTINE_RULES;
const hard: PlayRules = { ...routine, start: { kind: 'hard' } };
const priority: PlayRules = { ...routine, class: 'priority' };
const hardPriority: PlayRules = { ...hard, class: 'priority' };
const emergency: PlayRules = { ...routine, class: 'emergency' };
const patient: PlayRules = { ...routine, start: { kind: 'wait', maxWaitMs: 30_000 } };

describe('S-21 who gets a busy horn', () => {
  it.each([
    ['an emergency takes the horn from a routine sound', routine, emergency, 1, 'pre-empts'],
    ['an emergency takes it from a priority sound', hardPriority, emergency, 1, 'pre-empts'],
    [
      'an emergency of a higher rank takes it from another',
      emergency,
      { ...emergency, rank: 90 },
      1,
      'pre-empts',
    ],
    [
      'an emergency waits for its equal, however long',
      emergency,
      { ...emergency, late: { kind: 'never' } },
      9e9,
      'waits',
    ],
    ['a hard start takes the horn from what goes after it', routine, hardPriority, 1, 'pre-empts'],
    ['a hard start of a higher rank does so in its class', routine, { ...hard, rank: 51 }, 1, 'pre-empts'],
    ['two equal interrupts play one after the other', hardPriority, hardPriority, 60_000, 'waits'],
    [
      'a hard start that may not be late gives way to its equal',
      hard,
      { ...hard, late: { kind: 'never' } },
      1,
      'gives-way',
    ],
    ['a priority sound that is next in turn waits for a routine one', routine, priority, 9e9, 'waits'],
    ['a sound that waits 30 s waits 30 s', routine, patient, 30_000, 'waits'],
    ['and not longer', routine, patient, 30_001, 'gives-way'],
    ['a routine sound never interrupts a priority one', priority, hard, 300_000, 'waits'],
    ['and gives way when it would be too late', priority, hard, 300_001, 'gives-way'],
  ] as const)('%s', (_, current, incoming, freeInMs, meeting) => {
    expect(meet(current, incoming, freeInMs)).toBe(meeting);
  });

  it('a hard start that goes to the next slot does not wait in this one', () => {
    expect(longestWaitMs({ ...hard, late: { kind: 'next-slot' } })).toBe(0);
  });
});

describe('S-24 a start that was missed may be late, or not', () => {
  it.each([
    ['never late means on time', { kind: 'never' }, ON_TIME_MS, true],
    ['and no later', { kind: 'never' }, ON_TIME_MS + 1, false],
    ['within five minutes means five minutes', { kind: 'within', maxLateMs: 300_000 }, 300_000, true],
    ['and no more', { kind: 'within', maxLateMs: 300_000 }, 300_001, false],
    [
      'within nothing still allows the moment that a start takes',
      { kind: 'within', maxLateMs: 0 },
      ON_TIME_MS,
      true,
    ],
    [
      'what goes to the next slot does not happen late in this one',
      { kind: 'next-slot' },
      ON_TIME_MS + 1,
      false,
    ],
  ] as const)('%s', (_, late, lateMs, allowed) => {
    expect(mayStartLate({ late }, lateMs)).toBe(allowed);
  });
});

describe('S-25 the order that a person chose is kept as rank', () => {
  it.each([0, 50, 99])('of two at rank %d, the first goes before the second', (rank) => {
    const { first, second } = ranksInOrder({ class: 'priority', rank });
    expect(first).toBeGreaterThan(second);
    for (const each of [first, second]) expect(each).toBeGreaterThanOrEqual(0);
    for (const each of [first, second]) expect(each).toBeLessThanOrEqual(99);
  });
});
