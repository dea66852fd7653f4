/**
 * The database's shape, one step per entry; `PRAGMA user_version` counts those taken. Never edit a step: add one.
 * Signed originals and events are kept as text, because their bytes are the evidence.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    json TEXT NOT NULL
  ) STRICT;

  CREATE TABLE state (
    kind TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    digest TEXT NOT NULL,
    jws TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Acts seen, and acts withdrawn before they were seen: an id is obeyed at most once (P4).
  CREATE TABLE act (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    exp_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  -- One row per occurrence that was begun or closed; the primary key is what keeps it from sounding twice (P4).
  CREATE TABLE occurrence (
    id TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    class TEXT NOT NULL,
    planned_ms INTEGER NOT NULL,
    claimed_ms INTEGER,
    boot_id TEXT NOT NULL,
    result TEXT,
    heard_ms INTEGER NOT NULL DEFAULT 0,
    closed_ms INTEGER
  ) STRICT;
  CREATE INDEX occurrence_open ON occurrence (id) WHERE result IS NULL;
  CREATE INDEX occurrence_planned ON occurrence (planned_ms);

  CREATE TABLE media (
    sha256 TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    used_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
