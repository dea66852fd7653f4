import { describe, expect, it } from 'vitest';
import { aPolicy } from '../builders.ts';
import { resolvePolicies } from './policy-tree.ts';

const commune = { id: 'xa', parentId: null, policy: aPolicy({ maxSessionsPerDay: 3 }) };
const hamlet = { id: 'thon', parentId: 'xa', policy: { maxSessionsPerDay: 2, languages: ['vi', 'bdq'] } };
const mute = (id: string) => ({
  id,
  fromMs: 0,
  untilMs: 1,
  classes: ['routine'] as const,
  reason: 'đám tang',
});

describe('S-17 a policy is inherited down the tree, and each level may say its own', () => {
  it('the nearest that says a thing is heard', () => {
    const clusters = [{ id: 'loa-1', areaId: 'thon', policy: { maxMinutesPerDay: 30 } }];
    expect(resolvePolicies([hamlet, commune], clusters).get('loa-1')).toEqual({
      ...aPolicy(),
      maxSessionsPerDay: 2,
      maxMinutesPerDay: 30,
      languages: ['vi', 'bdq'],
    });
  });

  it('clusters with nothing of their own share their area’s policy', () => {
    const clusters = ['loa-1', 'loa-2'].map((id) => ({ id, areaId: 'thon', policy: {} }));
    const policies = resolvePolicies([commune, hamlet], clusters);
    expect(policies.get('loa-1')).toBe(policies.get('loa-2'));
  });

  it('no one below ends a mute from above', () => {
    const areas = [
      { ...commune, policy: aPolicy({ mutes: [mute('kỳ thi')] }) },
      { ...hamlet, policy: { mutes: [mute('đám tang')] } },
    ];
    const policy = resolvePolicies(areas, [{ id: 'loa-1', areaId: 'thon', policy: { mutes: [] } }]).get(
      'loa-1',
    );
    expect(policy?.mutes.map(({ id }) => id)).toEqual(['kỳ thi', 'đám tang']);
  });

  it('where nobody has given hours, there are none', () => {
    const policies = resolvePolicies([], [{ id: 'loa-1', areaId: 'nowhere', policy: {} }]);
    expect(policies.get('loa-1')?.windows).toEqual([]);
  });

  it('a tree that bites its tail does not hang', () => {
    const ring = [{ ...commune, parentId: 'thon' }, hamlet];
    const clusters = [{ id: 'loa-1', areaId: 'thon', policy: {} }];
    expect(resolvePolicies(ring, clusters).get('loa-1')?.maxSessionsPerDay).toBe(2);
  });
});
