import { accessSync, constants } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { silentLogger, systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wavHeader, writeWav } from '../sound/wav.ts';
import { describeSpeechEngine } from '../testing.ts';
import { createSpeech } from './create-speech.ts';
import { createSystemEspeak } from './system-espeak.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }); // real processes on a busy machine

const VOICES = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  vi              --/M      Vietnamese_(Northern) aav/vi
 5  vi-vn-x-south   --/M      Vietnamese_(Southern) aav/vi-VN-x-south`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-speech-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that answers as espeak-ng does: the voices, or the sound in `said.wav`; what it was told is kept. */
async function pretender(voices = VOICES): Promise<string> {
  const path = join(folder, 'espeak-ng');
  await writeFile(
    path,
    `#!/bin/sh\n[ "$1" = --voices ] && { echo '${voices}'; exit; }\necho "$@" > ${folder}/args\ncat > ${folder}/stdin\n` +
      `[ -f ${folder}/said.wav ] || { echo 'no data' >&2; exit 1; }\ncat ${folder}/said.wav\n`,
  );
  await chmod(path, 0o755);
  return path;
}

const choose = (log = memoryLogger()) => createSpeech({ env: { PATH: folder }, clock: systemClock, log });

describe('choosing a speech engine', () => {
  it("takes the machine's own espeak-ng when it knows Vietnamese", async () => {
    const path = await pretender();
    const log = memoryLogger();
    expect((await choose(log)).id).toBe('espeak-ng');
    expect(log.lines).toMatchObject([{ level: 'info', message: 'speech engine chosen', fields: { path } }]);
  });

  it('takes the bundled one when there is no other', async () => {
    expect((await choose()).id).toBe('espeak-ng-bundled');
  });

  it('takes the bundled one, with a warning, when the other lacks Vietnamese', async () => {
    await pretender('Pty Language\n 5  lv  --/M  Latvian bat/lv');
    const log = memoryLogger();
    expect((await choose(log)).id).toBe('espeak-ng-bundled');
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });
});

describe("the machine's own espeak-ng", () => {
  it('gets the text by stdin and gives back the sound, though its WAV header is unfinished', async () => {
    const engine = createSystemEspeak(await pretender());
    const whole = writeWav(Int16Array.of(1, -2, 3), 22_050);
    await writeFile(join(folder, 'said.wav'), [wavHeader(22_050, 0x7ffff000), whole.subarray(44)]);
    const speech = await engine.synthesize('-5 độ [[x]]', { voice: 'vi-vn-x-south' });
    expect(speech).toEqual({
      samples: Int16Array.of(1, -2, 3),
      sampleRateHz: 22_050,
      engine: 'espeak-ng',
      voice: 'vi-vn-x-south',
    });
    expect(await readFile(join(folder, 'stdin'), 'utf8')).toBe('-5 độ [ [x]]');
    expect(await readFile(join(folder, 'args'), 'utf8')).toContain('-v vi-vn-x-south');
  });

  it('tells its own words when it fails', async () => {
    const engine = createSystemEspeak(await pretender());
    await expect(engine.synthesize('Xin chào.')).rejects.toMatchObject({
      code: 'media/speech-failed',
      message: 'espeak-ng failed: no data',
    });
  });
});

const installed = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((at) => join(at, 'espeak-ng'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
if (installed) describeSpeechEngine('the espeak-ng installed here', () => createSystemEspeak(installed));
else
  describe.skip('the espeak-ng installed here is a speech engine: none is installed', () =>
    it('is skipped', () => {}));

it('speech of any engine needs nothing but npm ci', async () => {
  const engine = await createSpeech({ env: { PATH: '' }, clock: systemClock, log: silentLogger });
  await engine.start();
  expect((await engine.synthesize('Xin chào bà con.')).samples.length).toBeGreaterThan(10_000);
  await engine.stop(AbortSignal.timeout(5_000));
});
