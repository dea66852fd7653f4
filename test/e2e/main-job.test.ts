import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveExplainer, type Explainer, schedule, writeExplainer } from '../demo/broadcast.ts';
import { buildConsole } from '../demo/console.ts';
import { HAMLETS, settle, type Village } from '../demo/village.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { type ControllerProcess, startController } from '../support/controller-process.ts';
import { proveByRecording } from '../support/proof.ts';
import { outcomeAt } from '../support/today.ts';
import { waitFor } from '../support/wait-for.ts';

const AHEAD_MS = 5_000;

let folder: string;
let controller: ControllerProcess;
let village: Village;
let explainer: Explainer;
let plannedAtMs: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-e2e-'));
  const consoleBuilt = findBrowser() ? buildConsole() : undefined;
  controller = await startController(join(folder, 'controller'));
  village = await settle(controller, { folder });
  explainer = await approveExplainer(village, await writeExplainer(village));
  plannedAtMs = await schedule(village, explainer, AHEAD_MS);
  await consoleBuilt;
});

afterAll(async () => {
  await Promise.all((village?.hamlets ?? []).map(({ agent }) => agent.stop()));
  await controller?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an explainer of a procedure', () => {
  it('is a short text, and a sound as loud as every other', () => {
    expect(explainer.spokenText).toContain('đăng ký khai sinh');
    expect(explainer.durationMs).toBeLessThanOrEqual(20_000);
    expect(Math.abs(explainer.loudnessLufs + 16)).toBeLessThanOrEqual(0.5);
    expect(explainer.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  it.each(HAMLETS)('is heard in %s once, whole and at its second, and ends as played', async (name) => {
    const hamlet = village.hamlets.find((one) => one.name === name);
    if (!hamlet) throw new TypeError(name);
    expect(await outcomeAt(village.author, hamlet.clusterId, plannedAtMs)).toMatchObject({
      result: 'played',
      reason: 'complete',
      evidence: 'sink',
    });
    const proof = await proveByRecording(hamlet.agent.recordings, explainer.reference, plannedAtMs);
    expect(proof).toMatchObject({ matched: true, hearings: [{ coverage: 1 }] });
    expect(Math.abs((proof.startedAtMs ?? 0) - plannedAtMs)).toBeLessThan(1_000); // how exactly: npm run bench
  });
});

describe('a one-time link', () => {
  it('lets its person in once and nobody after', async () => {
    const [link] = await village.signInLinks();
    if (!link) throw new TypeError('no link');
    const first = await fetch(link.url, { redirect: 'manual' });
    expect([first.status, first.headers.get('location')]).toEqual([302, '/']);
    const second = await fetch(link.url, { redirect: 'manual' });
    expect(second.status).toBe(410);
    expect(await second.json()).toMatchObject({
      code: 'people/link-used',
      detail: 'Liên kết đăng nhập này đã được dùng hoặc đã hết hạn. Hãy xin người quản trị một liên kết mới.',
    });
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  it('is needed: without one there is nothing to see', async () => {
    const answer = await fetch(`${controller.httpUrl}/api/v1/today`);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'people/signed-out' }]);
  });
});

describe('the console in a browser', () => {
  it('shows the hamlets with their outcomes, lets one listen, speaks two languages, and asks nobody else', async ({
    skip,
  }) => {
    const browserPath = findBrowser();
    if (!browserPath) return skip('no Chromium is installed');
    for (const { clusterId } of village.hamlets) await outcomeAt(village.author, clusterId, plannedAtMs);
    const [, leader] = await village.signInLinks();
    const browser = await openBrowser(browserPath);
    try {
      const page = await browser.newPage();
      const asked = new Set<string>();
      page.on('request', (request) => asked.add(new URL(request.url()).origin));
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));

      await page.goto(leader?.url ?? '');
      for (const name of HAMLETS) {
        const card = page.getByRole('region', { name });
        await card.getByText('Đã phát', { exact: true }).waitFor();
      }
      await listens(page);
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByText('Played', { exact: true }).first().waitFor();
      expect([...asked]).toEqual([controller.httpUrl]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

/** Presses a listen button and waits until the browser has decoded and played some of the sound. */
async function listens(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Nghe thử/ })
    .first()
    .click();
  await waitFor('the sound in the browser', async () => {
    const playedS = await page.evaluate<number | undefined>(`document.querySelector('audio')?.currentTime`);
    return playedS ? playedS : undefined;
  });
}
