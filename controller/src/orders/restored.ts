import { z } from 'zod';
import { setting } from '../settings/setting.store.ts';

const seen = z.object({
  deviceId: z.string(),
  kind: z.string(),
  epoch: z.int(),
  rev: z.int(),
  /** SHA-256 of the original, kept among the signed orders. */
  sha256: z.string(),
});

/** Why states wait: boxes hold revisions that this controller signed and does not remember. */
const restored = z.object({ sinceMs: z.int(), epoch: z.int(), seen: z.array(seen) });
export type Restored = z.output<typeof restored>;

/** Set while a restore from a backup waits for a person to review what the boxes hold. */
export const restoredSetting = setting('restored', (value) => restored.parse(value));
