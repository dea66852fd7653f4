import type { Db } from '../db/database.ts';

/** Rows of which sounds each box holds. */
export function createDeviceMediaStore(db: Db) {
  return {
    /** Stores the newest word; one that was overtaken on the way changes nothing. */
    async note(
      deviceId: string,
      word: {
        readonly sha256: string;
        readonly state: 'held' | 'failed' | 'evicted';
        readonly code: string | null;
        readonly atMs: number;
      },
    ): Promise<void> {
      const facts = { state: word.state, code: word.code, updated_ms: word.atMs };
      await db
        .insertInto('device_media')
        .values({ device_id: deviceId, sha256: word.sha256, ...facts })
        .onConflict((conflict) =>
          conflict
            .columns(['device_id', 'sha256'])
            .doUpdateSet(facts)
            .where('device_media.updated_ms', '<=', word.atMs),
        )
        .execute();
    },
  };
}
