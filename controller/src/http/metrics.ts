import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The figures of this controller for Prometheus. Features register theirs here; names begin with `loa_`. */
export interface Metrics {
  /** Returns a counter; call it once for each name. */
  counter(name: string, help: string): { inc(by?: number): void };
  /** Returns a counter kept apart by one label of few values. */
  labelledCounter(name: string, help: string, label: string): { inc(value: string, by?: number): void };
  /** Registers a gauge that is read when Prometheus asks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Creates a registry of its own with the figures of the process (memory, event loop, garbage collection). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter(name, help) {
      const counter = new Counter({ name, help, registers });
      return { inc: (by = 1) => counter.inc(by) };
    },
    labelledCounter(name, help, label) {
      const counter = new Counter({ name, help, registers, labelNames: [label] });
      return { inc: (value, by = 1) => counter.inc({ [label]: value }, by) };
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
