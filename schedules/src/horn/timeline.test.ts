import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePrecedence } from '../broadcast-class.ts';
import type { Sound } from '../plan/sound.ts';
import { type PlayRules, ROUTINE_RULES } from '../play-rules.ts';
import { timelineOf } from './timeline.ts';

/** A sound by minutes: begins at `at`, lasts `long`. */
function sound(id: string, at: number, long: number, rules: Partial<PlayRules> = {}): Sound {
  const startsAtMs = at * 60_000;
  return {
    occurrence: {
      id,
      clusterId: 'thon-1',
      seriesId: id,
      rootSeriesId: id,
      originalStartMs: startsAtMs,
      startsAtMs,
      plannedMs: long * 60_000,
    },
    rules: { ...ROUTINE_RULES, ...rules },
  };
}
const emergency: Partial<PlayRules> = { class: 'emergency', start: { kind: 'hard' } };
const priority: Partial<PlayRules> = { class: 'priority' };

/** `A 0-10` = A has the horn from minute 0 to minute 10. */
const heard = (...sounds: readonly Sound[]) =>
  timelineOf(sounds).stretches.map(
    ({ sound: { occurrence }, fromMs, untilMs }) => `${occurrence.id} ${fromMs / 60_000}-${untilMs / 60_000}`,
  );
const met = (...sounds: readonly Sound[]) =>
  timelineOf(sounds).conflicts.map(
    ({ firstId, secondId, reason }) => `${secondId} ${reason.code} ${firstId}`,
  );

describe('S-21 when the horn is busy, a sound waits, interrupts or gives way', () => {
  it('one after the other, each has its time', () => {
    expect(heard(sound('A', 0, 10), sound('B', 10, 5))).toEqual(['A 0-10', 'B 10-15']);
  });

  it('next in turn means after the one before', () => {
    expect(heard(sound('A', 0, 10), sound('B', 5, 5))).toEqual(['A 0-10', 'B 10-15']);
  });

  it('of those that wait, what goes before has the horn first', () => {
    expect(heard(sound('A', 0, 10), sound('B', 1, 5), sound('C', 2, 5, priority))).toEqual([
      'A 0-10',
      'C 10-15',
      'B 15-20',
    ]);
  });

  it('a sound counts those that wait before it when it asks how long', () => {
    const impatient = { start: { kind: 'wait', maxWaitMs: 9 * 60_000 } } as const;
    const crowd = [sound('A', 0, 10), sound('B', 1, 5), sound('C', 2, 1, impatient)];
    expect(heard(...crowd)).toEqual(['A 0-10', 'B 10-15']);
    expect(met(...crowd)).toEqual(['B waits A', 'C gives-way A']);
  });

  it('a wait that others make longer than allowed ends in giving way', () => {
    const patient = { start: { kind: 'wait', maxWaitMs: 9 * 60_000 } } as const;
    const crowd = [sound('A', 0, 10), sound('B', 1, 5, patient), sound('C', 2, 5, priority)];
    expect(heard(...crowd)).toEqual(['A 0-10', 'C 10-15']);
    expect(met(...crowd)).toEqual(['B waits A', 'C waits A', 'B gives-way C']);
  });

  it('two equal interrupts play one after the other, neither is lost', () => {
    expect(heard(sound('A', 0, 3, emergency), sound('B', 0, 3, emergency))).toEqual(['A 0-3', 'B 3-6']);
  });

  it('of equals with one start, the same one always begins', () => {
    expect(heard(sound('B', 0, 1), sound('A', 0, 1), sound('C', 0, 1))).toEqual(['A 0-1', 'B 1-2', 'C 2-3']);
  });

  it('a sound of no length holds nobody up', () => {
    expect(heard(sound('A', 0, 0), sound('B', 0, 5), sound('C', 2, 0))).toEqual(['B 0-5']);
  });
});

describe('S-22 what was interrupted resumes, begins again or is dropped', () => {
  const warning = sound('E', 4, 3, emergency);
  it.each([
    ['resumes where it was', 'resume', ['A 0-4', 'E 4-7', 'A 7-13']],
    ['begins again', 'restart', ['A 0-4', 'E 4-7', 'A 7-17']],
    ['is dropped', 'drop', ['A 0-4', 'E 4-7']],
  ] as const)('it %s', (_, preempted, stretches) => {
    expect(heard(sound('A', 0, 10, { preempted }), warning)).toEqual(stretches);
  });

  it('interrupted twice, it still ends', () => {
    expect(heard(sound('A', 0, 10), warning, sound('F', 8, 1, emergency))).toEqual([
      'A 0-4',
      'E 4-7',
      'A 7-8',
      'F 8-9',
      'A 9-14',
    ]);
  });

  it('an interruption in its first instant leaves nothing heard of it before', () => {
    expect(heard(sound('A', 0, 10), sound('E', 0, 1, emergency))).toEqual(['E 0-1', 'A 1-11']);
  });
});

describe('S-23 at the end of its slot a sound finishes or fades out', () => {
  it('what finishes is heard to its end, however late it began', () => {
    expect(heard(sound('A', 0, 10), sound('B', 5, 10))).toEqual(['A 0-10', 'B 10-20']);
  });

  it('what fades ends with its slot', () => {
    expect(heard(sound('A', 0, 10), sound('B', 5, 10, { end: { kind: 'fade', fadeMs: 500 } }))).toEqual([
      'A 0-10',
      'B 10-15',
    ]);
  });

  it('what fades is not begun when its slot is over', () => {
    const late = [sound('A', 0, 10), sound('B', 5, 5, { end: { kind: 'fade', fadeMs: 500 } })];
    expect(heard(...late)).toEqual(['A 0-10']);
    expect(met(...late)).toEqual(['B waits A', 'B slot-over A']);
  });
});

describe('S-12 a sound that had to wait must still keep the hours', () => {
  it('when the policy forbids it by then, it does not begin', () => {
    const reason = { code: 'quiet-hours', from: '21:00', to: '21:05' } as const;
    const { stretches, conflicts } = timelineOf([sound('A', 0, 10), sound('B', 5, 5)], () => reason);
    expect(stretches).toHaveLength(1);
    expect(conflicts.at(-1)).toEqual({ clusterId: 'thon-1', firstId: 'A', secondId: 'B', reason });
  });
});

describe('S-20 one horn, whatever wants it', () => {
  const someRules: fc.Arbitrary<PlayRules> = fc.record({
    class: fc.constantFrom('routine', 'priority', 'emergency'),
    rank: fc.integer({ min: 0, max: 2 }),
    start: fc.constantFrom({ kind: 'hard' }, { kind: 'make-next' }, { kind: 'wait', maxWaitMs: 120_000 }),
    end: fc.constantFrom({ kind: 'finish' }, { kind: 'fade', fadeMs: 500 }),
    preempted: fc.constantFrom('resume', 'restart', 'drop'),
    late: fc.constantFrom({ kind: 'never' }, { kind: 'within', maxLateMs: 60_000 }, { kind: 'next-slot' }),
  });
  const someSounds = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8 }), someRules), {
      maxLength: 8,
    })
    .map((all) => all.map(([at, long, rules], index) => sound(`S${index}`, at, long, rules)));

  it('no two sounds ever have it at once', () => {
    fc.assert(
      fc.property(someSounds, (sounds) => {
        const { stretches } = timelineOf(sounds);
        for (const [index, stretch] of stretches.entries()) {
          expect(stretch.untilMs).toBeGreaterThan(stretch.fromMs);
          expect(stretch.fromMs).toBeGreaterThanOrEqual(stretches[index - 1]?.untilMs ?? 0);
        }
      }),
    );
  });

  it('each sound is heard whole, or a conflict says why not', () => {
    fc.assert(
      fc.property(someSounds, (sounds) => {
        const { stretches, conflicts } = timelineOf(sounds);
        for (const { occurrence } of sounds) {
          const own = stretches.filter(({ sound }) => sound.occurrence === occurrence);
          const heardMs = own.reduce((total, { fromMs, untilMs }) => total + untilMs - fromMs, 0);
          const isTold = conflicts.some(({ firstId, secondId }) =>
            [firstId, secondId].includes(occurrence.id),
          );
          expect(heardMs >= occurrence.plannedMs || isTold).toBe(true);
        }
      }),
    );
  });

  it('no sound ever loses the horn to what does not go before it', () => {
    fc.assert(
      fc.property(someSounds, (sounds) => {
        const rulesOf = new Map(sounds.map(({ occurrence, rules }) => [occurrence.id, rules]));
        for (const { firstId, secondId, reason } of timelineOf(sounds).conflicts) {
          const [first, second] = [rulesOf.get(firstId), rulesOf.get(secondId)];
          if (reason.code === 'pre-empts' && first && second)
            expect(comparePrecedence(second, first)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('an emergency is always heard', () => {
    fc.assert(
      fc.property(someSounds, (sounds) => {
        const emergencies = sounds.filter(
          ({ occurrence, rules }) =>
            rules.class === 'emergency' &&
            occurrence.plannedMs > 0 &&
            rules.end.kind === 'finish' &&
            rules.preempted !== 'drop',
        );
        const heardIds = new Set(timelineOf(sounds).stretches.map(({ sound }) => sound.occurrence.id));
        for (const { occurrence } of emergencies) expect(heardIds).toContain(occurrence.id);
      }),
    );
  });
});
