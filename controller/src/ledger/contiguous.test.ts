import { describe, expect, it } from 'vitest';
import { contiguousTo } from './contiguous.ts';

describe('P5: a journal is acknowledged up to its first gap', () => {
  it.each([
    ['nothing has come', 0, [], [], 0],
    ['all has come', 0, [1, 2, 3], [], 3],
    ['a number is missing', 0, [1, 2, 4, 5], [], 2],
    ['the beginning is missing', 0, [4, 5], [], 0],
    ['it goes on after what was acknowledged', 3, [4, 5], [], 5],
    ['the gap was declared lost', 0, [1, 2, 6, 7], [{ from: 3, to: 5 }], 7],
    ['the lost numbers come first', 0, [4, 5], [{ from: 1, to: 3 }], 5],
    ['the box lost the very next ones and nothing follows', 2, [], [{ from: 3, to: 4 }], 4],
    [
      'two lost spans touch',
      0,
      [5],
      [
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ],
      5,
    ],
    ['a lost span does not cover the gap', 0, [1, 9], [{ from: 2, to: 7 }], 7],
  ])('when %s', (_, ackedTo, seqs, lost, expected) => {
    expect(contiguousTo(ackedTo, seqs, lost)).toBe(expected);
  });
});
