import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeOggOpus } from '@loa/media/sound';
import { afterAll, describe, expect, it } from 'vitest';
import { type Clip, openClip, type PlayStep } from './clip.ts';
import { type OpenSound, readOggOpus } from './clip-sound.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-clip-'));
afterAll(() => rmSync(root, { recursive: true }));
const TONE = fileURLToPath(new URL('./tone.fixture.ogg', import.meta.url));
const tone = (await decodeOggOpus(readFileSync(TONE))).samples;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Takes all that a clip gives. */
async function drain(clip: Clip): Promise<Int16Array> {
  const samples: number[] = [];
  const piece = new Int16Array(960);
  while (!clip.isOver()) {
    samples.push(...piece.subarray(0, clip.take(piece)));
    await turn();
  }
  return Int16Array.from(samples);
}

const file = (path = TONE): PlayStep => ({ kind: 'file', path });
const silence = (ms: number): PlayStep => ({ kind: 'silence', ms });

describe('a clip', () => {
  it('gives its steps one after the other, to the sample', async () => {
    const clip = openClip([file(), silence(2_500), file()], { openSound: readOggOpus });
    const samples = await drain(clip);
    expect(samples).toEqual(Int16Array.from([...tone, ...new Int16Array(2_500 * 48), ...tone]));
    expect(clip.stepsDone()).toBe(3);
    expect(clip.error()).toBeUndefined();
  });

  it('leaves out what was heard before, whole steps too', async () => {
    const toneMs = tone.length / 48;
    const clip = openClip([file(), silence(100), file()], {
      openSound: readOggOpus,
      skipMs: toneMs + 100 + 50,
    });
    await turn();
    expect(await drain(clip)).toEqual(tone.slice(50 * 48));
    expect(clip.stepsDone()).toBe(3);
  });

  it('counts a step as done with its last sample', async () => {
    const clip = openClip([silence(20), silence(20)], { openSound: readOggOpus });
    await turn();
    clip.take(new Int16Array(959));
    expect(clip.stepsDone()).toBe(0);
    clip.take(new Int16Array(1));
    expect(clip.stepsDone()).toBe(1);
  });

  it('reads four seconds ahead and no further, and closes the file when it is closed', async () => {
    let read = 0;
    let isFileOpen = true;
    const openSound: OpenSound = async function* () {
      try {
        for (;;) yield new Int16Array(48_000).fill(++read);
      } finally {
        isFileOpen = false;
      }
    };
    const clip = openClip([file()], { openSound });
    for (let i = 0; i < 20; i++) await turn();
    expect(read).toBe(4);
    clip.take(new Int16Array(48_000));
    for (let i = 0; i < 20; i++) await turn();
    expect(read).toBe(5);
    clip.close();
    for (let i = 0; i < 20; i++) await turn();
    expect(isFileOpen).toBe(false);
  });

  it.each([
    ['is missing', join(root, 'nothing.ogg'), 'ENOENT'],
    ['is no sound', write('text.ogg', 'Thông báo'.repeat(1_000)), 'not an Ogg/Opus sound'],
    ['is empty', write('empty.ogg', ''), 'not an Ogg/Opus sound'],
  ])('is over with a reason when its file %s, after what comes before it', async (_, path, reason) => {
    const clip = openClip([silence(40), file(path), file()], { openSound: readOggOpus });
    expect((await drain(clip)).length).toBe(40 * 48);
    expect(clip.error()).toMatchObject({ message: expect.stringContaining(reason) });
    expect(clip.stepsDone()).toBe(1);
  });
});

function write(name: string, text: string): string {
  writeFileSync(join(root, name), text);
  return join(root, name);
}
