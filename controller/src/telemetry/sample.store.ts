import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HealthSample, unpackHealth } from '@loa/contract';

/** A kept sample: when it came, what it said, and how long the ping that it echoes had been under way. */
export interface KeptSample {
  readonly atMs: number;
  readonly sample: HealthSample;
  /** Milliseconds from the ping to the sample that echoes it, or `null` when it echoes none of ours. */
  readonly echoAfterMs: number | null;
}

/** Health samples, in a file of their own: a lost second of telemetry is no loss, a slow ledger is. */
export interface SampleStore {
  add(deviceId: string, atMs: number, packed: Uint8Array, echoAfterMs: number | null): void;
  latest(deviceId: string): KeptSample | undefined;
  /** Forgets samples older than `beforeMs`; returns how many went. */
  prune(beforeMs: number): number;
  close(): void;
}

/** Opens the telemetry file (WAL, `synchronous=NORMAL`); samples are kept as they came, 58 bytes each. */
export function openSampleStore(path: string): SampleStore {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(path);
  db.exec(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;
     CREATE TABLE IF NOT EXISTS samples (device_id TEXT NOT NULL, at_ms INTEGER NOT NULL, packed BLOB NOT NULL, echo_after_ms INTEGER,
       PRIMARY KEY (device_id, at_ms)) WITHOUT ROWID;
     CREATE INDEX IF NOT EXISTS samples_by_time ON samples(at_ms);`,
  );
  const insert = db.prepare('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)');
  const newest = db.prepare('SELECT * FROM samples WHERE device_id = ? ORDER BY at_ms DESC LIMIT 1');
  const forget = db.prepare('DELETE FROM samples WHERE at_ms < ?');
  return {
    add: (deviceId, atMs, packed, echoAfterMs) => void insert.run(deviceId, atMs, packed, echoAfterMs),
    latest(deviceId) {
      const row = newest.get(deviceId);
      const packed = row?.['packed'];
      if (!(packed instanceof Uint8Array)) return undefined;
      const echo = row?.['echo_after_ms'];
      return {
        atMs: Number(row?.['at_ms']),
        sample: unpackHealth(packed),
        echoAfterMs: typeof echo === 'number' ? echo : null,
      };
    },
    prune: (beforeMs) => Number(forget.run(beforeMs).changes),
    close: () => db.close(),
  };
}
