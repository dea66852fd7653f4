import { fakeClock } from '@loa/kernel/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { auditHead, recordAudit, verifyAudit } from './audit.service.ts';

async function aTrail(rows: number) {
  const { db, raw, close } = await openDatabase(':memory:');
  onTestFinished(close);
  const clock = fakeClock();
  const entry = (n: number) => ({
    actor: 'per_1',
    action: 'bulletin.approved',
    subject: `bulletin:${n}`,
    after: { n },
    origin: 'req_1',
  });
  for (let n = 1; n <= rows; n++)
    await db.transaction().execute(async (tx) => void (await recordAudit(tx, clock, entry(n))));
  return { db, raw, clock, entry };
}

describe('the audit trail (P10)', () => {
  it('is whole however long it is, and ends where its head says', async () => {
    const { db } = await aTrail(1_005); // more than a page
    const head = await auditHead(db);
    expect(head.seq).toBe(1_005);
    expect(await verifyAudit(db)).toEqual({ ok: true, head });
    expect(await verifyAudit(db, head)).toEqual({ ok: true, head });
  });

  it('begins at nothing', async () => {
    const { db } = await aTrail(0);
    expect(await verifyAudit(db)).toEqual({ ok: true, head: { seq: 0, hash: '0'.repeat(64) } });
  });

  it.each([
    ['who did it', "UPDATE audit SET actor = 'per_2' WHERE seq = 2", 2],
    ['when', 'UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 2', 2],
    ['what', "UPDATE audit SET action = 'x' WHERE seq = 2", 2],
    ['to what', "UPDATE audit SET subject = 'x' WHERE seq = 2", 2],
    ['what was before', "UPDATE audit SET before = '{}' WHERE seq = 2", 2],
    ['what came of it', 'UPDATE audit SET after = NULL WHERE seq = 2', 2],
    ['from where', "UPDATE audit SET origin = 'x' WHERE seq = 2", 2],
    ['its hash', "UPDATE audit SET hash = 'x' WHERE seq = 2", 2],
    ['the link to the row before', "UPDATE audit SET previous_hash = 'x' WHERE seq = 2", 2],
    ['whether it ever was', 'DELETE FROM audit WHERE seq = 2', 2],
    ['the first row', 'DELETE FROM audit WHERE seq = 1', 1],
  ])('shows when somebody changed %s', async (_what, change, seq) => {
    const { db, raw } = await aTrail(4);
    raw.exec(change);
    expect(await verifyAudit(db)).toMatchObject({ ok: false, seq });
  });

  it('shows a cut tail and a rewritten one to whoever kept a head, as boxes do', async () => {
    const { db, raw, clock, entry } = await aTrail(4);
    const witnessed = await auditHead(db);
    raw.exec('DELETE FROM audit WHERE seq > 2');
    expect(await verifyAudit(db)).toMatchObject({ ok: true, head: { seq: 2 } });
    expect(await verifyAudit(db, witnessed)).toMatchObject({
      ok: false,
      seq: 3,
      why: expect.stringContaining('row 4'),
    });
    for (const n of [30, 40]) await recordAudit(db, clock, entry(n));
    expect(await verifyAudit(db)).toMatchObject({ ok: true, head: { seq: 4 } });
    expect(await verifyAudit(db, witnessed)).toMatchObject({ ok: false, seq: 4 });
  });

  it('has no row when the change itself failed', async () => {
    const { db, clock, entry } = await aTrail(1);
    const failing = db.transaction().execute(async (tx) => {
      await recordAudit(tx, clock, entry(2));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await auditHead(db)).seq).toBe(1);
  });
});
