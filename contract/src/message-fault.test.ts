import type { OccurrenceId } from '@loa/kernel';
import { describe, expect, it } from 'vitest';
import { aKeyRecord, aPlan, aSound, EXAMPLE_MS } from './builders.ts';
import { LIMITS } from './limits.ts';
import { messageFault } from './message-fault.ts';
import { isActOrder, isStateOrder, type SignedMessage } from './orders.ts';
import { planFault } from './plan.ts';
import { SAMPLE_MESSAGES } from './samples.ts';
import { compareRevisions } from './scalars.ts';
import type { Part } from './sound.ts';

const { play, config, keys } = SAMPLE_MESSAGES;
const DAY_MS = 86_400_000;

describe('a message', () => {
  it.each(Object.values(SAMPLE_MESSAGES) as SignedMessage[])(
    'of kind $kind is faultless as the samples have it',
    (message) => {
      expect(messageFault(message)).toBeUndefined();
    },
  );

  it('that says where to fetch its plan has nothing to point at', () => {
    const body = { kind: 'by-hash' as const, sha256: aSound().sha256, bytes: 90_000 };
    expect(messageFault({ ...SAMPLE_MESSAGES.plan, body })).toBeUndefined();
  });

  it('is a state, an act or an answer, never two of them', () => {
    const of = (is: (message: SignedMessage) => boolean) => Object.values(SAMPLE_MESSAGES).filter(is).length;
    expect([
      of(isStateOrder),
      of(isActOrder),
      of((message) => isStateOrder(message) && isActOrder(message)),
    ]).toEqual([6, 5, 0]);
  });
});

describe('an act', () => {
  it.each([
    [0, 'expMs is not after issuedAtMs'],
    [-1, 'expMs is not after issuedAtMs'],
    [1, undefined],
    [LIMITS.actLifetimeMs, undefined],
    [LIMITS.actLifetimeMs + 1, 'the act lives 900001 ms, at most 900000 ms are allowed'],
  ])('that lives %i ms: %s', (lifetimeMs, fault) => {
    expect(messageFault({ ...play, expMs: play.issuedAtMs + lifetimeMs })).toBe(fault);
  });

  it('may not play a sound that it does not list', () => {
    const parts: Part[] = [{ kind: 'sound', sound: 2 }];
    expect(messageFault({ ...play, body: { ...play.body, parts } })).toContain('body.parts');
  });

  it('may not open a session with a chime or a stand-by that it does not list', () => {
    const open = SAMPLE_MESSAGES['session-open'];
    for (const body of [
      { ...open.body, preRoll: [2] },
      { ...open.body, standBy: [0, 2] },
    ])
      expect(messageFault({ ...open, body })).toContain('body.preRoll or body.standBy');
  });
});

describe('a configuration', () => {
  it('may not pin a warning or a drill whose sound it does not list', () => {
    const [template] = config.body.pinned;
    if (!template) throw new Error('the sample pins nothing');
    const stray: typeof template.parts = [{ kind: 'sound', sound: 3 }];
    for (const broken of [
      { ...template, parts: stray },
      { ...template, drillParts: stray },
    ])
      expect(messageFault({ ...config, body: { ...config.body, pinned: [template, broken] } })).toContain(
        'body.pinned[1]',
      );
    const noDrill = { ...template, drillParts: null };
    expect(messageFault({ ...config, body: { ...config.body, pinned: [noDrill] } })).toBeUndefined();
  });
});

describe('the keys', () => {
  const record = aKeyRecord({ kid: 'k'.repeat(43), x: 'x'.repeat(43) });
  const faultOf = (body: Partial<typeof keys.body>) =>
    messageFault({ ...keys, body: { ...keys.body, ...body } });

  it('may not list a key twice: revoked once, it would live on', () => {
    const twice = [record, { ...record, revoked: true }];
    expect(faultOf({ orderKeys: twice })).toContain('body.orderKeys names a key twice');
    expect(faultOf({ releaseKeys: twice })).toContain('body.releaseKeys names a key twice');
  });

  it.each([
    [0, 'is valid for 0 days'],
    [-1, 'is valid for -1 days'],
    [400, undefined],
    [401, 'is valid for 401 days'],
  ])('may vouch for an order key for 400 days at most: %i', (days, fault) => {
    const dated = { ...record, notBeforeMs: EXAMPLE_MS, notAfterMs: EXAMPLE_MS + days * DAY_MS };
    const found = faultOf({ orderKeys: [dated] });
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});

describe('a plan', () => {
  const plan = aPlan();
  const [item] = plan.items;
  const [first, second] = plan.occurrences;
  if (!item || !first || !second) throw new Error('the example plan is too small');

  it('is faultless when every index and time holds, also when it is empty', () => {
    expect(planFault(plan)).toBeUndefined();
    expect(planFault({ ...plan, occurrences: [], items: [], sounds: [] })).toBeUndefined();
    const pause: Part[] = [{ kind: 'pause', ms: 500 }];
    expect(planFault({ ...plan, items: [{ ...item, parts: pause }] })).toBeUndefined();
  });

  it('may not name a sound or a fallback that it does not list', () => {
    const relay = (fallback: number[]): Part[] => [
      { kind: 'relay', relayId: 'rel-1', maxMs: 60_000, fallback },
    ];
    const withParts = (parts: Part[]) => planFault({ ...plan, items: [item, { ...item, parts }] });
    expect(withParts(relay([0]))).toBeUndefined();
    for (const parts of [[{ kind: 'sound' as const, sound: 1 }], relay([0, 1])])
      expect(withParts(parts)).toBe('items[1] names a sound that the plan does not list');
    expect(
      planFault({ ...plan, sounds: [...plan.sounds, aSound('b')], items: [{ ...item, parts: relay([1]) }] }),
    ).toBeUndefined();
  });

  it('may not name an item that it does not list', () => {
    expect(planFault({ ...plan, occurrences: [first, { ...second, item: 1 }] })).toContain(
      'occurrences[1] names an item',
    );
  });

  it('begins at fromMs and ends before untilMs', () => {
    const at = (startsAtMs: number) => planFault({ ...plan, occurrences: [{ ...first, startsAtMs }] });
    expect(at(plan.fromMs)).toBeUndefined();
    expect(at(plan.fromMs - 1)).toContain('starts outside the plan');
    expect(at(plan.untilMs - 1)).toBeUndefined();
    expect(at(plan.untilMs)).toContain('starts outside the plan');
  });

  it('P4: may not carry an occurrence twice', () => {
    const id = first.id as OccurrenceId;
    expect(planFault({ ...plan, occurrences: [first, { ...second, id }] })).toContain(`repeats the id ${id}`);
  });
});

describe('a revision', () => {
  it('is newer by its epoch, then by its rev', () => {
    const inOrder = [
      { epoch: 0, rev: 9 },
      { epoch: 1, rev: 0 },
      { epoch: 1, rev: 4 },
      { epoch: 0xffff_ffff, rev: 0 },
      { epoch: 0xffff_ffff, rev: 0xffff_ffff },
    ];
    for (const [i, a] of inOrder.entries())
      for (const [j, b] of inOrder.entries())
        expect(Math.sign(compareRevisions(a, b))).toBe(Math.sign(i - j));
  });
});
