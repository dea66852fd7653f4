/** Returns a generator of numbers from 0 to 1 that are the same for one seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Returns a made-up sound with the build of speech, for tests: voiced syllables with moving pitch, hisses, and pauses.
 * Peak about 0.6; the same seed gives the same samples, another seed "another text in another voice".
 */
export function syntheticSpeech({
  seconds,
  sampleRateHz = 48_000,
  seed = 1,
}: {
  readonly seconds: number;
  readonly sampleRateHz?: number;
  readonly seed?: number;
}): Float32Array {
  const random = randomFrom(seed * 7919);
  const samples = new Float32Array(Math.round(seconds * sampleRateHz));
  const voiceHz = 110 + 90 * random();
  for (let at = 0, syllable = 1; at < samples.length; syllable++) {
    const length = Math.round(sampleRateHz * (0.12 + 0.14 * random()));
    const [fromHz, toHz] = [voiceHz * (0.85 + 0.3 * random()), voiceHz * (0.85 + 0.3 * random())];
    const formantHz = 400 + 1_800 * random();
    const hiss = random() < 0.5 ? 0.25 : 0.02;
    let phase = 0;
    for (let i = 0; i < length && at + i < samples.length; i++) {
      phase += (fromHz + ((toHz - fromHz) * i) / length) / sampleRateHz;
      let voiced = 0;
      for (let harmonic = 1; harmonic <= 16; harmonic++) {
        const nearness = 1 / (1 + ((harmonic * voiceHz - formantHz) / 350) ** 2);
        voiced +=
          (0.15 / harmonic + nearness * 0.3) * Math.sin(2 * Math.PI * harmonic * (phase + 0.13 * harmonic));
      }
      const isHissing = i < length * 0.25;
      const envelope = Math.sin((Math.PI * i) / length) ** 0.5;
      samples[at + i] = envelope * 0.35 * (voiced + (isHissing ? 4 * hiss : hiss * 0.2) * (random() - 0.5));
    }
    at += length + (syllable % 9 === 0 ? Math.round(sampleRateHz * 0.35) : 0);
  }
  return samples;
}
