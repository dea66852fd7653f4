import { ROUTINE_RULES } from '@loa/schedules';
import { describe, expect, it } from 'vitest';
import { aJournal } from '../journal/journal-rig.ts';
import type { Cue } from './cue.ts';
import { aPlay, EXAMPLE_MS } from './director-rig.ts';
import { unheard } from './ending.ts';
import { openOccurrenceStore } from './occurrence-store.ts';

const cue: Cue = {
  id: aPlay().body.occurrenceId,
  origin: { kind: 'plan', epoch: 1, rev: 1 },
  title: 't',
  rules: ROUTINE_RULES,
  sounds: [],
  parts: [],
  repeat: { times: 1, gapMs: 0 },
  gainDb: 0,
  startsAtMs: EXAMPLE_MS,
  plannedMs: 1000,
  latestStartMs: EXAMPLE_MS,
  stopByMs: null,
};

function aStore(rig = aJournal()) {
  return { ...rig, store: openOccurrenceStore({ ...rig, bootId: 'boot-1' }) };
}

describe('P4 an occurrence is claimed at most once', () => {
  it('a second claim is refused, also after a restart, and only the first is journalled', () => {
    const first = aStore();
    expect(first.store.claim(cue, EXAMPLE_MS)).toBe(true);
    expect(first.store.claim(cue, EXAMPLE_MS)).toBe(false);
    first.database.close();
    const second = aStore(aJournal(first));
    expect(second.store.claim(cue, EXAMPLE_MS)).toBe(false);
    expect(second.all().map(({ kind }) => kind)).toEqual(['claim']);
    expect(second.store.openClaims()).toMatchObject([{ id: cue.id, bootId: 'boot-1' }]);
  });

  it('what was closed unheard is not claimed any more', () => {
    const { store } = aStore();
    store.close(cue, unheard('missed', 'slept-through'), EXAMPLE_MS);
    expect(store.claim(cue, EXAMPLE_MS)).toBe(false);
  });
});

describe('P3 an occurrence is closed exactly once', () => {
  it('a second outcome is not written', () => {
    const { store, all } = aStore();
    expect(store.close(cue, unheard('missed', 'no-media'), EXAMPLE_MS)).toBe(true);
    expect(store.close(cue, unheard('skipped', 'hold'), EXAMPLE_MS)).toBe(false);
    expect(all()).toMatchObject([{ kind: 'outcome', result: 'missed', reason: 'no-media' }]);
    expect(store.openClaims()).toEqual([]);
  });

  it('a claim that cannot be journalled is not made: both or neither', () => {
    const { store, database, all } = aStore();
    database.sql.exec(
      "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(FAIL, 'disk full'); END",
    );
    expect(() => store.claim(cue, EXAMPLE_MS)).toThrow('disk full');
    expect(store.isKnown(cue.id)).toBe(false);
    expect(all()).toEqual([]);
  });
});
