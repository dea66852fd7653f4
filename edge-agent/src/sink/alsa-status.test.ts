import { describe, expect, it } from 'vitest';
import { parseAlsaStatus } from './alsa-status.ts';

// Written after the format strings of snd_pcm_substream_proc_status_read in the kernel's sound/core/pcm.c; not captured
// on a card.
const running = `state: RUNNING
owner_pid   : 1187
trigger_time: 8423.104618263
tstamp      : 8431.778341597
delay       : 9312
avail       : 288
avail_max   : 1248
-----
hw_ptr      : 416352
appl_ptr    : 425664
`;

describe('the status of a card', () => {
  it('is read as the kernel prints it', () => {
    expect(parseAlsaStatus(running)).toEqual({
      state: 'RUNNING',
      tstampMs: expect.closeTo(8_431_778.341597, 3),
      triggerMs: expect.closeTo(8_423_104.618263, 3),
      delay: 9_312,
      applPtr: 425_664,
    });
  });

  it('is read after a recovery, where the delay may be negative', () => {
    const recovered = running.replace('RUNNING', 'XRUN').replace(': 9312', ': -12');
    expect(parseAlsaStatus(recovered)).toMatchObject({ state: 'XRUN', delay: -12 });
  });

  it.each([
    ['a closed stream', 'closed\n'],
    ['an empty file', ''],
    ['a text cut in the middle', running.slice(0, 120)],
    ['a text of another kind', running.replaceAll(/\d+$/gm, 'many')],
  ])('is unknown for %s', (_, text) => {
    expect(parseAlsaStatus(text)).toBeUndefined();
  });
});
