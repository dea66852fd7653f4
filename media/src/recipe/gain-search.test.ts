import { describe, expect, it } from 'vitest';
import { type Levels, searchGain } from './gain-search.ts';

/** A made-up chain: loudness follows the gain until the limiter takes hold, then only a part of it. */
function chain({
  sourceLufs = -30,
  loss = 0.4,
  limitedFrom = Number.POSITIVE_INFINITY,
  slope = 1,
  overshootDb = 2,
}) {
  const tried: Levels[] = [];
  return {
    tried,
    sourceLufs,
    async encode(levels: Levels) {
      tried.push(levels);
      const free = Math.min(levels.gainDb, limitedFrom) + Math.max(0, levels.gainDb - limitedFrom) * slope;
      const loudnessLufs = Math.round((sourceLufs + free - loss) * 10) / 10;
      return {
        loudnessLufs,
        truePeakDbtp: levels.ceilingDb + overshootDb,
        result: `version ${tried.length}`,
      };
    },
  };
}

const search = (made: ReturnType<typeof chain>) => searchGain(made.sourceLufs, made.encode);

describe('the search for the gain', () => {
  it('is right at once when the chain is as expected', async () => {
    expect(await search(chain({}))).toMatchObject({
      kind: 'found',
      passes: 1,
      pass: { loudnessLufs: -16, result: 'version 1' },
    });
  });

  it('corrects what the encoder takes away', async () => {
    expect(await search(chain({ loss: 3 }))).toMatchObject({
      kind: 'found',
      passes: 2,
      pass: { loudnessLufs: -16 },
    });
  });

  it('finds its way though the limiter swallows most of the gain', async () => {
    const found = await search(chain({ limitedFrom: 10, slope: 0.3 }));
    expect(found.kind).toBe('found');
    if (found.kind === 'found') expect(Math.abs(found.pass.loudnessLufs + 16)).toBeLessThanOrEqual(0.3);
  });

  it('lowers the limiter while the true peak is too high', async () => {
    const made = chain({ overshootDb: 3 });
    const found = await search(made);
    expect(found.kind).toBe('found');
    if (found.kind === 'found') expect(found.pass.truePeakDbtp).toBeLessThanOrEqual(-1);
    expect(made.tried[1]?.ceilingDb).toBeLessThan(made.tried[0]?.ceilingDb ?? 0);
  });

  it('accepts half a unit when it can come no nearer', async () => {
    const { sourceLufs } = chain({});
    const encode = async () => ({ loudnessLufs: -16.5, truePeakDbtp: -2, result: 'stuck' });
    expect(await searchGain(sourceLufs, encode)).toMatchObject({
      kind: 'found',
      pass: { loudnessLufs: -16.5 },
    });
  });

  it('gives up at the greatest gain, and tells how near it came', async () => {
    const made = chain({ sourceLufs: -65 });
    expect(await search(made)).toMatchObject({
      kind: 'unreachable',
      nearest: { gainDb: 40, loudnessLufs: -25.4 },
    });
    expect(made.tried).toHaveLength(1);
  });

  it('never takes a version whose true peak is too high, however right its loudness', async () => {
    const encode = async () => ({ loudnessLufs: -16, truePeakDbtp: 0.5, result: 'too high' });
    expect(await searchGain(-30, encode)).toMatchObject({ kind: 'unreachable', passes: 8 });
  });
});
