import { afterEach, describe, expect, it } from 'vitest';
import { indexAt, SAMPLES_PER_MS, type SampleSource, type Sink, type SinkState } from './sink.ts';

/** A sink on a stage: its device is watched from outside. */
export interface SinkRig {
  readonly sink: Sink;
  /** Reads the clock the sink was given. */
  monotonicMs(): number;
  /** Lets time pass for the sink. */
  pass(ms: number): Promise<void>;
  /** Returns what a listener has heard since the device opened. */
  heard(): Int16Array;
  /** Returns when sample 0 left, as the device knows it, on the sink's clock. */
  trueOriginMonoMs(): number;
}

/** Samples that tell their own index, and are never silent. */
const counting: SampleSource = (samples, firstIndex) => {
  for (let i = 0; i < samples.length; i++) samples[i] = ((firstIndex + i) % 30_000) + 1;
};

/** Resolves when the sink is in a state of this kind. */
export function untilState(sink: Sink, kind: SinkState['kind']): Promise<SinkState> {
  return new Promise((resolve) => {
    if (sink.state().kind === kind) return resolve(sink.state());
    const end = sink.onStateChange((state) => {
      if (state.kind !== kind) return;
      end();
      resolve(state);
    });
  });
}

/** What every sink keeps, on whatever device. `make` gives an unstarted sink whose device is there. */
export function describeSink(
  name: string,
  make: (source: SampleSource) => Promise<SinkRig> | SinkRig,
  { toleranceMs }: { readonly toleranceMs: number },
): void {
  describe(`a sink: ${name}`, () => {
    let rig: SinkRig;
    afterEach(() => rig.sink.stop(AbortSignal.timeout(5_000)));

    async function play(source: SampleSource = counting): Promise<void> {
      rig = await make(source);
      await rig.sink.start();
      const ready = untilState(rig.sink, 'ready');
      for (let i = 0; i < 100 && rig.sink.state().kind !== 'ready'; i++) await rig.pass(20);
      await ready;
    }

    it('asks for samples in order and plays exactly these, from sample 0 on', async () => {
      const asked: number[] = [];
      await play((samples, firstIndex) => {
        asked.push(firstIndex);
        counting(samples, firstIndex);
      });
      await rig.pass(400);
      await rig.sink.stop(AbortSignal.timeout(5_000));
      const heard = rig.heard();
      const wanted = new Int16Array(heard.length);
      counting(wanted, 0);
      expect(heard.length).toBeGreaterThan(200 * SAMPLES_PER_MS);
      expect(Buffer.compare(Buffer.from(heard.buffer), Buffer.from(wanted.buffer))).toBe(0);
      expect(asked).toEqual(asked.map((_, n) => n * 960));
      expect(rig.sink.counts()).toEqual({ underruns: 0, losses: 0 });
    });

    it('tells when each sample leaves', async () => {
      await play();
      await rig.pass(300);
      const estimate = rig.sink.clockEstimate();
      expect(Math.abs((estimate?.originMonoMs ?? Number.NaN) - rig.trueOriginMonoMs())).toBeLessThan(
        toleranceMs,
      );
    });

    it('asks a lead ahead of the device, and no further', async () => {
      const aheadMs: number[] = [];
      await play((samples, firstIndex) => {
        const estimate = rig?.sink.clockEstimate();
        if (estimate) aheadMs.push((firstIndex - indexAt(estimate, rig.monotonicMs())) / SAMPLES_PER_MS);
        samples.fill(1);
      });
      while (aheadMs.length <= 5) await rig.pass(20);
      const leadMs = rig.sink.leadSamples / SAMPLES_PER_MS;
      expect(Math.max(...aheadMs)).toBeLessThan(leadMs + 40);
      expect(aheadMs.sort((a, b) => a - b)[aheadMs.length >> 1]).toBeGreaterThan(leadMs / 2);
    });

    it('may be started and stopped twice, asks for nothing once stopped, and begins anew with sample 0', async () => {
      const asked: number[] = [];
      await play((_, firstIndex) => asked.push(firstIndex));
      await rig.sink.start();
      await rig.pass(100);
      await rig.sink.stop(AbortSignal.timeout(5_000));
      await rig.sink.stop(AbortSignal.timeout(5_000));
      const before = asked.length;
      await rig.pass(100);
      expect(asked.length).toBe(before);
      expect(rig.sink.clockEstimate()).toBeUndefined();
      await rig.sink.start();
      await rig.pass(100);
      expect(asked[before]).toBe(0);
    });

    it('tells its state: absent, opening, ready, absent', async () => {
      rig = await make(counting);
      const kinds = [rig.sink.state().kind];
      rig.sink.onStateChange(({ kind }) => kinds.push(kind));
      await rig.sink.start();
      for (let i = 0; i < 100 && rig.sink.state().kind !== 'ready'; i++) await rig.pass(20);
      await rig.sink.stop(AbortSignal.timeout(5_000));
      expect(kinds).toEqual(['absent', 'opening', 'ready', 'absent']);
    });
  });
}
