import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toFloat } from '../sound/samples.ts';
import type { Speech, SpeechEngine } from './speech-engine.ts';

const SENTENCE = 'Ủy ban nhân dân xã Vĩnh Quang xin thông báo đến bà con.';

/** Holds every speech engine to its port. Call it in a test file of the engine. */
export function describeSpeechEngine(name: string, make: () => SpeechEngine | Promise<SpeechEngine>): void {
  describe(`${name} is a speech engine`, { timeout: 30_000 }, () => {
    let engine: SpeechEngine;
    beforeAll(async () => {
      engine = await make();
      await engine.start();
      await engine.start();
    });
    afterAll(async () => {
      await engine.stop(AbortSignal.timeout(5_000));
      await engine.stop(AbortSignal.timeout(5_000));
    });

    it('has a Vietnamese voice', async () => {
      expect(await engine.voices()).toContainEqual(expect.objectContaining({ id: 'vi', language: 'vi' }));
    });

    it('speaks a sentence, audibly and below full scale', async () => {
      const speech = await engine.synthesize(SENTENCE);
      expect(speech).toMatchObject({ engine: engine.id, voice: 'vi' });
      expect(seconds(speech)).toBeGreaterThan(2);
      expect(seconds(speech)).toBeLessThan(10);
      expect(peak(speech)).toBeGreaterThan(0.1);
      expect(peak(speech)).toBeLessThan(0.95);
    });

    it('takes longer for more text and for a slower rate', async () => {
      const once = await engine.synthesize(SENTENCE);
      const twice = await engine.synthesize(`${SENTENCE} ${SENTENCE}`);
      const slowly = await engine.synthesize(SENTENCE, { rate: 0.7 });
      expect(seconds(twice)).toBeGreaterThan(1.7 * seconds(once));
      expect(seconds(slowly)).toBeGreaterThan(1.2 * seconds(once));
    });

    it('speaks what looks like an option', async () => {
      expect(seconds(await engine.synthesize('-5 độ, trời rét đậm'))).toBeGreaterThan(0.5);
    });

    it('gives each of several callers its own speech', async () => {
      const texts = [SENTENCE, 'Xin chào bà con.', `${SENTENCE} ${SENTENCE}`];
      const [middle, short, long] = await Promise.all(
        texts.map(async (text) => seconds(await engine.synthesize(text))),
      );
      expect(short).toBeLessThan(middle ?? 0);
      expect(middle).toBeLessThan(long ?? 0);
    });

    it.each([
      ['an unknown voice', SENTENCE, { voice: 'no-such-voice' }, 'media/unknown-voice'],
      ['an empty text', ' \n', {}, 'media/speech-failed'],
      ['a senseless rate', SENTENCE, { rate: 20 }, 'media/speech-failed'],
    ])('refuses %s', async (_, text, options, code) => {
      await expect(engine.synthesize(text, options)).rejects.toMatchObject({ code });
    });

    it('can be cancelled, and speaks again afterwards', async () => {
      const signal = AbortSignal.abort();
      await expect(engine.synthesize(SENTENCE, { signal })).rejects.toMatchObject({
        code: 'media/cancelled',
      });
      expect(seconds(await engine.synthesize(SENTENCE))).toBeGreaterThan(2);
    });

    it('is silent once stopped, and speaks when started again', async () => {
      await engine.stop(AbortSignal.timeout(5_000));
      await expect(engine.synthesize(SENTENCE)).rejects.toMatchObject({ code: 'media/cancelled' });
      await engine.start();
      expect(seconds(await engine.synthesize(SENTENCE))).toBeGreaterThan(2);
    });
  });
}

function seconds({ samples, sampleRateHz }: Speech): number {
  return samples.length / sampleRateHz;
}

function peak({ samples }: Speech): number {
  return toFloat(samples).reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
}
