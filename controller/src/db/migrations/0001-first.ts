import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/** The first version of every table; meanings stand in tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = (table: string, columns: string) => sql.raw(`CREATE TABLE ${table} (${columns})`).execute(db);
  await text('settings', 'key TEXT PRIMARY KEY, value TEXT NOT NULL');
  await text(
    'areas',
    `id TEXT PRIMARY KEY, parent_id TEXT REFERENCES areas(id), name TEXT NOT NULL, kind TEXT NOT NULL,
     merged_into TEXT REFERENCES areas(id), created_ms BIGINT NOT NULL`,
  );
  await text(
    'clusters',
    `id TEXT PRIMARY KEY, area_id TEXT NOT NULL REFERENCES areas(id), name TEXT NOT NULL, languages TEXT NOT NULL,
     gain_db REAL NOT NULL, calibration_ms REAL NOT NULL, warm_up_ms INTEGER NOT NULL, latitude REAL, longitude REAL,
     tags TEXT NOT NULL, retired_ms BIGINT, created_ms BIGINT NOT NULL`,
  );
  await text(
    'claim_codes',
    `id TEXT PRIMARY KEY, code_hash TEXT NOT NULL UNIQUE, cluster_id TEXT NOT NULL REFERENCES clusters(id), expires_ms BIGINT NOT NULL,
     tries_left INTEGER NOT NULL, used_ms BIGINT, created_by TEXT NOT NULL, created_ms BIGINT NOT NULL`,
  );
  await text(
    'enrolments',
    `id TEXT PRIMARY KEY, claim_id TEXT NOT NULL REFERENCES claim_codes(id), cluster_id TEXT NOT NULL REFERENCES clusters(id),
     public_x TEXT NOT NULL, csr_pem TEXT NOT NULL, fingerprint_words TEXT NOT NULL, hardware TEXT NOT NULL, agent_version TEXT NOT NULL,
     state TEXT NOT NULL, device_id TEXT, reason TEXT NOT NULL, created_ms BIGINT NOT NULL, decided_ms BIGINT`,
  );
  await text(
    'devices',
    `id TEXT PRIMARY KEY, cluster_id TEXT NOT NULL REFERENCES clusters(id), public_x TEXT NOT NULL UNIQUE, kid TEXT NOT NULL UNIQUE,
     link_key TEXT NOT NULL, certificate_pem TEXT, state TEXT NOT NULL, enrolled_ms BIGINT NOT NULL, ended_ms BIGINT`,
  );
  await sql`CREATE UNIQUE INDEX devices_one_active ON devices(cluster_id) WHERE state = 'active'`.execute(db);
  await text(
    'procedures',
    `id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,
     replaced_by TEXT, record TEXT NOT NULL, reviewed_ms BIGINT, reviewed_by TEXT, updated_ms BIGINT NOT NULL`,
  );
  await text(
    'sounds',
    `sha256 TEXT PRIMARY KEY, byte_length INTEGER NOT NULL, duration_ms INTEGER NOT NULL, loudness_lufs REAL, true_peak_dbtp REAL,
     recipe TEXT NOT NULL, made_by TEXT NOT NULL, peaks TEXT NOT NULL, created_ms BIGINT NOT NULL`,
  );
  await text(
    'bulletins',
    `id TEXT PRIMARY KEY, area_id TEXT NOT NULL REFERENCES areas(id), title TEXT NOT NULL, class TEXT NOT NULL, version INTEGER NOT NULL,
     state TEXT NOT NULL, procedure_id TEXT REFERENCES procedures(id), procedure_version INTEGER, author_id TEXT NOT NULL,
     content TEXT NOT NULL, failure TEXT, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL`,
  );
  await text(
    'variants',
    `bulletin_id TEXT NOT NULL REFERENCES bulletins(id), version INTEGER NOT NULL, language TEXT NOT NULL, parts TEXT NOT NULL,
     sounds TEXT NOT NULL, spoken_text TEXT NOT NULL, duration_ms INTEGER NOT NULL, PRIMARY KEY (bulletin_id, version, language)`,
  );
  await text(
    'manifests',
    `sha256 TEXT PRIMARY KEY, bulletin_id TEXT NOT NULL REFERENCES bulletins(id), version INTEGER NOT NULL, content TEXT NOT NULL,
     created_ms BIGINT NOT NULL`,
  );
  await text(
    'approvals',
    `id TEXT PRIMARY KEY, bulletin_id TEXT NOT NULL REFERENCES bulletins(id), manifest TEXT NOT NULL REFERENCES manifests(sha256),
     state TEXT NOT NULL, submitted_by TEXT NOT NULL, submitted_ms BIGINT NOT NULL, decided_by TEXT, decided_ms BIGINT,
     reason TEXT NOT NULL, heard INTEGER NOT NULL`,
  );
  await text(
    'series',
    `id TEXT PRIMARY KEY, root_id TEXT NOT NULL, bulletin_id TEXT NOT NULL REFERENCES bulletins(id), approval_id TEXT REFERENCES approvals(id),
     rule TEXT NOT NULL, time_zone TEXT NOT NULL, targets TEXT NOT NULL, rules TEXT NOT NULL, repeat TEXT NOT NULL, gain_db REAL NOT NULL,
     state TEXT NOT NULL, created_by TEXT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL`,
  );
  await text(
    'occurrences',
    `id TEXT PRIMARY KEY, cluster_id TEXT NOT NULL REFERENCES clusters(id), series_id TEXT, root_series_id TEXT, bulletin_id TEXT NOT NULL,
     original_start_ms BIGINT NOT NULL, starts_at_ms BIGINT NOT NULL, planned_ms INTEGER NOT NULL, class TEXT NOT NULL, state TEXT NOT NULL,
     title TEXT NOT NULL, created_ms BIGINT NOT NULL`,
  );
  await sql`CREATE INDEX occurrences_by_time ON occurrences(cluster_id, starts_at_ms)`.execute(db);
  await sql`CREATE INDEX occurrences_by_start ON occurrences(starts_at_ms)`.execute(db);
  await text(
    'device_states',
    `device_id TEXT NOT NULL REFERENCES devices(id), kind TEXT NOT NULL, epoch BIGINT NOT NULL, rev BIGINT NOT NULL, jws TEXT NOT NULL,
     digest TEXT NOT NULL, content_hash TEXT NOT NULL, issued_ms BIGINT NOT NULL, held_epoch BIGINT, held_rev BIGINT, refused_code TEXT,
     attempts INTEGER NOT NULL, next_send_ms BIGINT, PRIMARY KEY (device_id, kind)`,
  );
  await text(
    'signed_orders',
    `sha256 TEXT PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices(id), kind TEXT NOT NULL, epoch BIGINT NOT NULL, rev BIGINT NOT NULL,
     jws TEXT NOT NULL, issued_ms BIGINT NOT NULL`,
  );
  await text(
    'acts',
    `id TEXT PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices(id), kind TEXT NOT NULL, occurrence_id TEXT, urgent INTEGER NOT NULL,
     jws TEXT NOT NULL, issued_ms BIGINT NOT NULL, exp_ms BIGINT NOT NULL, verdict TEXT, code TEXT, answered_ms BIGINT, attempts INTEGER NOT NULL, next_send_ms BIGINT`,
  );
  await sql`CREATE INDEX device_states_due ON device_states(next_send_ms) WHERE next_send_ms IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX acts_due ON acts(next_send_ms) WHERE next_send_ms IS NOT NULL`.execute(db);
  await text(
    'holds',
    `id TEXT PRIMARY KEY, target TEXT NOT NULL, includes_emergency INTEGER NOT NULL, from_ms BIGINT NOT NULL, until_ms BIGINT,
     reason TEXT NOT NULL, created_by TEXT NOT NULL, released_ms BIGINT, released_by TEXT`,
  );
  await text(
    'journal_events',
    `device_id TEXT NOT NULL REFERENCES devices(id), journal_id TEXT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL, clock TEXT NOT NULL,
     boot_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, received_ms BIGINT NOT NULL, PRIMARY KEY (device_id, journal_id, seq)`,
  );
  await sql`CREATE INDEX journal_events_by_kind ON journal_events(device_id, kind, received_ms)`.execute(db);
  await text(
    'journal_positions',
    `device_id TEXT NOT NULL REFERENCES devices(id), journal_id TEXT NOT NULL, acked_to BIGINT NOT NULL, updated_ms BIGINT NOT NULL,
     PRIMARY KEY (device_id, journal_id)`,
  );
  await text(
    'ledger',
    `id INTEGER PRIMARY KEY AUTOINCREMENT, occurrence_id TEXT NOT NULL, cluster_id TEXT NOT NULL, device_id TEXT NOT NULL, result TEXT NOT NULL,
     reason TEXT NOT NULL, evidence TEXT NOT NULL, planned_at_ms BIGINT NOT NULL, started_at_ms BIGINT, ended_at_ms BIGINT, start_error_ms REAL,
     heard_ms BIGINT NOT NULL, airing TEXT, origin TEXT NOT NULL, detail TEXT NOT NULL, journal_id TEXT NOT NULL, seq BIGINT NOT NULL,
     recorded_ms BIGINT NOT NULL, UNIQUE (device_id, journal_id, seq)`,
  );
  await sql`CREATE INDEX ledger_by_occurrence ON ledger(occurrence_id, id)`.execute(db);
  await text(
    'device_media',
    `device_id TEXT NOT NULL REFERENCES devices(id), sha256 TEXT NOT NULL, state TEXT NOT NULL, code TEXT, updated_ms BIGINT NOT NULL,
     PRIMARY KEY (device_id, sha256)`,
  );
  await text(
    'device_presence',
    `device_id TEXT PRIMARY KEY REFERENCES devices(id), online INTEGER NOT NULL, birth BIGINT NOT NULL, boot_id TEXT, instance_id TEXT,
     agent_version TEXT, clock TEXT, last_heard_ms BIGINT NOT NULL, since_ms BIGINT NOT NULL, alarm TEXT`,
  );
  await text(
    'audit',
    `seq BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, before TEXT, after TEXT,
     origin TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL`,
  );
  await text(
    'live_events',
    'id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms BIGINT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL',
  );
  await text(
    'grants',
    `user_id TEXT NOT NULL, role TEXT NOT NULL, area_id TEXT NOT NULL REFERENCES areas(id), created_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, role, area_id)`,
  );
}
