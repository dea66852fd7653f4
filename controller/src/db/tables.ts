import type { Generated } from 'kysely';

/**
 * The rows of the main database. Instants are UTC epoch milliseconds (`…_ms`), JSON is text, booleans are 0 or 1.
 * Rows of `ledger`, `journal_events`, `audit` and `manifests` are only ever added.
 */
export interface Tables {
  settings: { key: string; value: string };
  areas: {
    id: string;
    parent_id: string | null;
    name: string;
    /** Free text such as "Xã", "Thôn", "Làng": no level is hard-wired. */
    kind: string;
    merged_into: string | null;
    created_ms: number;
  };
  clusters: {
    id: string;
    area_id: string;
    name: string;
    languages: string;
    gain_db: number;
    calibration_ms: number;
    warm_up_ms: number;
    latitude: number | null;
    longitude: number | null;
    tags: string;
    retired_ms: number | null;
    created_ms: number;
  };
  claim_codes: {
    id: string;
    code_hash: string;
    cluster_id: string;
    expires_ms: number;
    tries_left: number;
    used_ms: number | null;
    created_by: string;
    created_ms: number;
  };
  enrolments: {
    id: string;
    claim_id: string;
    cluster_id: string;
    public_x: string;
    csr_pem: string;
    fingerprint_words: string;
    hardware: string;
    agent_version: string;
    state: 'pending' | 'issued' | 'refused';
    device_id: string | null;
    reason: string;
    created_ms: number;
    decided_ms: number | null;
  };
  devices: {
    id: string;
    cluster_id: string;
    /** Public Ed25519 key (RFC 8037 `x`) and its RFC 7638 thumbprint. */
    public_x: string;
    kid: string;
    /** base64url of 32 bytes: MAC key of pings, and the link password while the site runs without mutual TLS. */
    link_key: string;
    certificate_pem: string | null;
    state: 'active' | 'replaced' | 'revoked';
    enrolled_ms: number;
    ended_ms: number | null;
  };
  procedures: {
    id: string;
    /** National code such as 3.000722. */
    code: string;
    version: number;
    title: string;
    /** `draft`: to be verified by the commune; only `verified` and still-valid records may be presented as official. */
    status: 'draft' | 'verified' | 'repealed';
    replaced_by: string | null;
    record: string;
    reviewed_ms: number | null;
    reviewed_by: string | null;
    updated_ms: number;
  };
  sounds: {
    sha256: string;
    byte_length: number;
    duration_ms: number;
    loudness_lufs: number | null;
    true_peak_dbtp: number | null;
    recipe: string;
    made_by: string;
    peaks: string;
    created_ms: number;
  };
  bulletins: {
    id: string;
    area_id: string;
    title: string;
    class: 'routine' | 'priority' | 'emergency';
    version: number;
    state: 'draft' | 'rendering' | 'ready' | 'failed' | 'submitted' | 'approved' | 'returned' | 'withdrawn';
    procedure_id: string | null;
    procedure_version: number | null;
    author_id: string;
    /** JSON: what the author wrote, segment by segment and language by language. */
    content: string;
    /** Why the last rendering failed: `{ code, detail }`. */
    failure: string | null;
    created_ms: number;
    updated_ms: number;
  };
  /** One rendered language of one version of a bulletin: the parts in order, as they go into a plan. */
  variants: {
    bulletin_id: string;
    version: number;
    language: string;
    parts: string;
    sounds: string;
    spoken_text: string;
    duration_ms: number;
  };
  manifests: { sha256: string; bulletin_id: string; version: number; content: string; created_ms: number };
  approvals: {
    id: string;
    bulletin_id: string;
    manifest: string;
    state: 'waiting' | 'approved' | 'returned' | 'void';
    submitted_by: string;
    submitted_ms: number;
    decided_by: string | null;
    decided_ms: number | null;
    reason: string;
    /** 1 when the decider played the preview to its end, else the reason says why not. */
    heard: number;
  };
  series: {
    id: string;
    root_id: string;
    bulletin_id: string;
    /** The approval under which it may sound; a series without one is a draft and is not compiled. */
    approval_id: string | null;
    rule: string;
    time_zone: string;
    targets: string;
    rules: string;
    repeat: string;
    gain_db: number;
    state: 'draft' | 'active' | 'ended' | 'withdrawn';
    created_by: string;
    created_ms: number;
    updated_ms: number;
  };
  occurrences: {
    id: string;
    cluster_id: string;
    series_id: string | null;
    root_series_id: string | null;
    bulletin_id: string;
    original_start_ms: number;
    starts_at_ms: number;
    planned_ms: number;
    class: 'routine' | 'priority' | 'emergency';
    state: 'planned' | 'withdrawn';
    title: string;
    created_ms: number;
  };
  /** The newest signed original of each state for each box, and what the box said of it. */
  device_states: {
    device_id: string;
    kind: string;
    epoch: number;
    rev: number;
    jws: string;
    digest: string;
    /** SHA-256 of the body, so that an unchanged one is not sent again. */
    content_hash: string;
    issued_ms: number;
    held_epoch: number | null;
    held_rev: number | null;
    refused_code: string | null;
    attempts: number;
    next_send_ms: number | null;
  };
  /** Signed orders by the hash of their text, for boxes that fetch them; also every plan that was ever sent. */
  signed_orders: {
    sha256: string;
    device_id: string;
    kind: string;
    epoch: number;
    rev: number;
    jws: string;
    issued_ms: number;
  };
  acts: {
    id: string;
    device_id: string;
    kind: string;
    occurrence_id: string | null;
    /** 1 goes out before everything else (P9). */
    urgent: number;
    jws: string;
    issued_ms: number;
    exp_ms: number;
    verdict: 'accepted' | 'refused' | null;
    code: string | null;
    answered_ms: number | null;
    attempts: number;
    next_send_ms: number | null;
  };
  holds: {
    id: string;
    target: string;
    includes_emergency: number;
    from_ms: number;
    until_ms: number | null;
    reason: string;
    created_by: string;
    released_ms: number | null;
    released_by: string | null;
  };
  journal_events: {
    device_id: string;
    journal_id: string;
    seq: number;
    at_ms: number;
    clock: string;
    boot_id: string;
    kind: string;
    body: string;
    received_ms: number;
  };
  journal_positions: { device_id: string; journal_id: string; acked_to: number; updated_ms: number };
  /** What is known of how occurrences ended: the newest row of an occurrence counts, older ones are its history (P3). */
  ledger: {
    id: Generated<number>;
    occurrence_id: string;
    cluster_id: string;
    device_id: string;
    result: string;
    reason: string;
    evidence: string;
    planned_at_ms: number;
    started_at_ms: number | null;
    ended_at_ms: number | null;
    start_error_ms: number | null;
    heard_ms: number;
    airing: string | null;
    origin: string;
    detail: string;
    journal_id: string;
    seq: number;
    recorded_ms: number;
  };
  /** What each box says it holds. */
  device_media: {
    device_id: string;
    sha256: string;
    state: 'held' | 'failed' | 'evicted';
    code: string | null;
    updated_ms: number;
  };
  device_presence: {
    device_id: string;
    online: number;
    birth: number;
    boot_id: string | null;
    instance_id: string | null;
    agent_version: string | null;
    clock: string | null;
    last_heard_ms: number;
    since_ms: number;
    alarm: string | null;
  };
  audit: {
    seq: number;
    at_ms: number;
    actor: string;
    action: string;
    subject: string;
    before: string | null;
    after: string | null;
    origin: string;
    previous_hash: string;
    hash: string;
  };
  /** What the console is told, kept long enough to resume after a lost connection. */
  live_events: { id: Generated<number>; at_ms: number; kind: string; body: string };
  /** Made and written by better-auth alone, beside `people_sign_ins`, `people_credentials` and `people_links`. */
  people: { id: string; name: string; email: string; createdAt: string };
  /** Roles of people, each on a subtree of areas. */
  grants: { user_id: string; role: string; area_id: string; created_ms: number };
}
