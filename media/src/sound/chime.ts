/** Rate of the generated chime, which is also that of prepared sounds. */
export const CHIME_RATE_HZ = 48_000;

/** G4, C5, E5: a rising major chord says "listen" without alarm. */
const NOTES = [
  { hz: 392.0, startsAtS: 0 },
  { hz: 523.25, startsAtS: 0.28 },
  { hz: 659.26, startsAtS: 0.56 },
];
const DURATION_S = 1.6;

/** A soft bar's overtones: frequency ratio, level, and seconds to fall to a third. */
const OVERTONES = [
  { ratio: 1, level: 1, decayS: 0.42 },
  { ratio: 2, level: 0.35, decayS: 0.28 },
  { ratio: 3.93, level: 0.12, decayS: 0.12 },
];

/** Returns a three-note attention chime of 1.6 s, mono at 48 kHz, peak 0.5, beginning and ending in silence. */
export function renderChime(): Float32Array {
  const samples = new Float32Array(DURATION_S * CHIME_RATE_HZ);
  for (const { hz, startsAtS } of NOTES) {
    const note = samples.subarray(Math.round(startsAtS * CHIME_RATE_HZ));
    for (const { ratio, level, decayS } of OVERTONES)
      for (let i = 0; i < note.length; i++) {
        const t = i / CHIME_RATE_HZ;
        const attack = Math.min(1, t / 0.008); // without it each note would click
        const release = Math.min(1, (note.length - i) / (0.1 * CHIME_RATE_HZ));
        const swing = Math.sin(2 * Math.PI * hz * ratio * t);
        note[i] = (note[i] ?? 0) + level * attack * release * Math.exp(-t / decayS) * swing;
      }
  }
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return samples.map((sample) => (0.5 * sample) / peak);
}
