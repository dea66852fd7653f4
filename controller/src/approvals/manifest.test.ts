import { describe, expect, it } from 'vitest';
import { beyondManifest, type IntendedUse, type Manifest, manifestSha, manifestText } from './manifest.ts';

const MANIFEST: Manifest = {
  bulletinId: 'bul_1',
  version: 1,
  title: 'Họp thôn',
  class: 'routine',
  unverified: false,
  variants: [
    { language: 'vi', sounds: ['a', 'b'], spokenText: 'Họp thôn.', durationMs: 10_000 },
    { language: 'bdq', sounds: ['c'], spokenText: '', durationMs: 9_000 },
  ],
  clusterIds: ['clu_1', 'clu_2'],
  firstDate: '2026-01-05',
  lastDate: '2026-01-18',
  windows: [{ days: [1, 2, 3], from: '05:00', to: '06:00' }],
};
const USE: IntendedUse = {
  clusterIds: ['clu_1'],
  firstDate: '2026-01-05',
  lastDate: '2026-01-18',
  localTime: '05:00:00',
  days: [1, 3],
};
const sha = (over: Partial<Manifest> = {}) => manifestSha(manifestText({ ...MANIFEST, ...over }));

describe('the one form of a manifest', () => {
  it('does not depend on the order of languages, clusters, days or keys', () => {
    expect(
      sha({
        variants: MANIFEST.variants.toReversed(),
        clusterIds: ['clu_2', 'clu_1', 'clu_2'],
        windows: [{ to: '06:00', from: '05:00', days: [3, 1, 2] }],
      }),
    ).toBe(sha());
  });

  it.each<[string, Partial<Manifest>]>([
    ['a word', { variants: [{ ...first(), spokenText: 'Họp xã.' }] }],
    ['a sound', { variants: [{ ...first(), sounds: ['a', 'c'] }] }],
    ['the order of sounds', { variants: [{ ...first(), sounds: ['b', 'a'] }] }],
    ['a cluster', { clusterIds: ['clu_1'] }],
    ['the class', { class: 'priority' }],
    ['an hour', { windows: [{ days: [1, 2, 3], from: '05:00', to: '06:30' }] }],
    ['the last date', { lastDate: '2026-01-19' }],
    ['whether it is verified', { unverified: true }],
  ])('has another hash when %s differs', (_, over) => {
    expect(sha(over)).not.toBe(sha());
  });
});

describe('a use lies within a manifest', () => {
  it('up to its very bounds', () => {
    expect(beyondManifest(MANIFEST, USE)).toEqual([]);
    expect(beyondManifest(MANIFEST, { ...USE, localTime: '05:59:59' })).toEqual([]);
  });

  it.each<[string, Partial<IntendedUse>, string]>([
    ['another cluster', { clusterIds: ['clu_1', 'clu_3'] }, 'clu_3'],
    ['a day before', { firstDate: '2026-01-04' }, 'begins on 2026-01-04'],
    ['a day after', { lastDate: '2026-01-19' }, 'ends on 2026-01-19'],
    ['a second too early', { localTime: '04:59:59' }, '04:59:59'],
    ['the end of the hours', { localTime: '06:00:00' }, '06:00:00'],
    ['another weekday', { days: [3, 4] }, 'weekday(s) 4'],
  ])('but not with %s', (_, over, why) => {
    expect(beyondManifest(MANIFEST, { ...USE, ...over })).toEqual([expect.stringContaining(why)]);
  });

  it('also after midnight, when the hours of the evening before reach over it', () => {
    const manifest = { ...MANIFEST, windows: [{ days: [7], from: '22:00', to: '01:00' }] };
    const at = (localTime: string, day: number) =>
      beyondManifest(manifest, { ...USE, localTime, days: [day] });
    expect([at('23:00:00', 7), at('00:30:00', 1)]).toEqual([[], []]);
    expect([at('00:30:00', 7), at('23:00:00', 1), at('01:00:00', 1)].flat()).toHaveLength(3);
  });

  it('all day long when the hours end at 24:00', () => {
    const manifest = { ...MANIFEST, windows: [{ days: [1], from: '00:00', to: '24:00' }] };
    const at = (localTime: string) => beyondManifest(manifest, { ...USE, localTime, days: [1] });
    expect([at('00:00:00'), at('23:59:59')]).toEqual([[], []]);
  });
});

function first() {
  const [variant] = MANIFEST.variants;
  if (!variant) throw new Error('no variant');
  return variant;
}
