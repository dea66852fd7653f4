import { describe, expect, it } from 'vitest';
import { aPolicy } from '../builders.ts';
import { policyFaults } from './policy-faults.ts';

const window = { days: [1, 7], from: '05:00', to: '24:00' };
const volume = { ...window, classes: ['routine'] as const, maxGainDb: -6 };
const mute = { id: 'm', fromMs: 1, untilMs: 2, classes: ['routine'] as const, reason: 'đám tang' };

describe('S-32 a bad policy is named field by field (P12)', () => {
  it('a good one has no faults', () => {
    const good = aPolicy({ windows: [window], volume: [volume], mutes: [mute], maxSessionsPerDay: 0 });
    expect(policyFaults(good)).toEqual([]);
    expect(policyFaults(aPolicy({ windows: [] }))).toEqual([]);
  });

  it.each([
    ['an unknown zone', { timeZone: 'Asia/Saigon2' }, 'timeZone'],
    ['a window without days', { windows: [{ ...window, days: [] }] }, 'windows[0].days'],
    ['an eighth day', { windows: [window, { ...window, days: [8] }] }, 'windows[1].days'],
    ['half a day', { windows: [{ ...window, days: [1.5] }] }, 'windows[0].days'],
    ['a time in another form', { windows: [{ ...window, from: '5h' }] }, 'windows[0].from'],
    ['a time beyond the day', { windows: [{ ...window, to: '24:01' }] }, 'windows[0].to'],
    ['a volume rule at a bad hour', { volume: [{ ...volume, from: '25:00' }] }, 'volume[0].from'],
    ['a cap above the nominal level', { volume: [{ ...volume, maxGainDb: 3 }] }, 'volume[0].maxGainDb'],
    ['a mute that ends before it begins', { mutes: [{ ...mute, untilMs: 1 }] }, 'mutes[0].untilMs'],
    ['fewer sessions than none', { maxSessionsPerDay: -1 }, 'maxSessionsPerDay'],
    ['fewer minutes than none', { maxMinutesPerDay: -1 }, 'maxMinutesPerDay'],
  ] as const)('%s', (_, overrides, field) => {
    expect(policyFaults(aPolicy(overrides))).toMatchObject([{ field }]);
  });
});
