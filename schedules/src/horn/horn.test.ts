import { describe, expect, it } from 'vitest';
import { type PlayRules, ROUTINE_RULES } from '../play-rules.ts';
import { longestWaitMs, meet } from './horn.ts';

const routine = ROUTINE_RULES;
const hard: PlayRules = { ...routine, start: { kind: 'hard' } };
const priority: PlayRules = { ...routine, class: 'priority' };
const hardPriority: PlayRules = { ...hard, class: 'priority' };
const emergency: PlayRules = { ...routine, class: 'emergency' };
const patient: PlayRules = { ...routine, start: { kind: 'wait', maxWaitMs: 30_000 } };

describe('what happens when the horn is busy', () => {
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
