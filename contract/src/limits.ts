/** Bounds that both ends hold before they parse anything. Bytes unless the name says otherwise. */
export const LIMITS = {
  /** A signed message inside MQTT; a larger plan is fetched by hash. */
  mqttPayload: 64 * 1024,
  /** A signed plan fetched by hash, or a signed original sent up by hash. */
  fetchedOrder: 4 * 1024 * 1024,
  /** A deflated payload after inflation, and how many times the bytes that may be read: a small bomb costs little (plans reach about 20). */
  inflatedPayload: 16 * 1024 * 1024,
  inflation: 32,
  /** A signed original inside its journal event; a larger one is sent up by hash first. */
  inlineOriginal: 32 * 1024,
  occurrencesPerPlan: 20_000,
  soundsPerPlan: 2_000,
  partsPerItem: 64,
  /** No state but the plan is fetched by hash, so the largest `config` and `update` must fit `mqttPayload` when signed. */
  pinnedTemplates: 24,
  soundsPerPinned: 10,
  partsPerPinned: 12,
  updateTargets: 4,
  releaseJws: 8 * 1024,
  soundBytes: 256 * 1024 * 1024,
  soundMs: 4 * 60 * 60_000,
  eventsPerBatch: 200,
  /** Acts are kept in the inbox until they expire; none may be kept longer. */
  actLifetimeMs: 15 * 60_000,
  healthSample: 64,
  ping: 24,
  /** An order key is valid for at most this long under the root's signature. */
  orderKeyDays: 400,
} as const;
