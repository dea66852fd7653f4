import { describe, expect, it } from 'vitest';
import { aPlannable, BOX, CLUSTER, scriptBox, startWire } from '../mqtt/wire-fixture.ts';

describe('a greeting', () => {
  it('is answered with a signed welcome, and the box gets every state that it lacks', async () => {
    const site = await startWire({ series: [aPlannable()] });
    const box = await scriptBox(site);
    await site.wire.planner.settle();
    const nonce = await box.hello();
    const { message: welcome } = await box.next('welcome');
    expect(welcome.body).toMatchObject({ nonce, wants: [], journal: null, timeMs: expect.any(Number) });
    const { message: plan } = await box.next('plan');
    if (plan.body.kind !== 'inline') throw new Error('the plan is not inline');
    expect(plan.body.content.clusterId).toBe(CLUSTER);
    expect(plan.body.content.occurrences).toHaveLength(31);
    expect(plan.body.content.occurrences[0]?.id).toBe(`${CLUSTER}~ser_1~1767574800000`);
    for (const kind of ['keys', 'hold', 'policy', 'config'] as const) await box.next(kind);
  });
});
