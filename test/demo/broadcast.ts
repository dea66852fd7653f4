import { AppError, systemClock } from '@loa/kernel';
import { body, type Person } from '../support/person.ts';
import { approvedSound } from '../support/proof.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Village } from './village.ts';

/** The linked birth registration; shipped as a draft that the commune must verify. */
const PROCEDURE_CODE = '3.000722';
const TIME_ZONE = 'Asia/Ho_Chi_Minh';

/** An approved explainer and what it sounds like. */
export interface Explainer {
  readonly bulletinId: string;
  readonly approvalId: string;
  readonly title: string;
  readonly spokenText: string;
  readonly durationMs: number;
  readonly loudnessLufs: number;
  readonly truePeakDbtp: number;
  /** Hashes of its files. */
  readonly sounds: readonly string[];
  /** Decoded from the very bytes that were approved. */
  readonly reference: Int16Array;
}

/** Turns the procedure record into a script, the script into sound. */
export async function writeExplainer({ author, communeId }: Village) {
  const { procedures } = await body(author.api.procedures.$get());
  const procedure = procedures.find(({ code }) => code === PROCEDURE_CODE);
  if (!procedure)
    throw new AppError(`the site has no procedure ${PROCEDURE_CODE}`, { code: 'test/procedure' });
  const draft = await body(
    author.api.bulletins['from-procedure'].$post({
      json: { procedureId: procedure.id, areaId: communeId, length: 'short' },
    }),
  );
  await body(author.api.bulletins[':id'].render.$post({ param: { id: draft.id } }));
  return waitFor('the sound of the explainer', async () => {
    const bulletin = await body(author.api.bulletins[':id'].$get({ param: { id: draft.id } }));
    if (bulletin.failure) throw new AppError(bulletin.failure.detail, { code: bulletin.failure.code });
    return bulletin.state === 'ready' ? bulletin : undefined;
  });
}

/** Has the leader hear the very sounds and approve them for the three hamlets, today and tomorrow. */
export async function approveExplainer(
  { author, approver, communeId }: Village,
  bulletin: Awaited<ReturnType<typeof writeExplainer>>,
): Promise<Explainer> {
  const today = systemClock.now().toZonedDateTimeISO(TIME_ZONE).toPlainDate();
  const approval = await body(
    author.api.bulletins[':id'].submit.$post({
      param: { id: bulletin.id },
      json: {
        targets: { areas: [communeId] },
        firstDate: today.toString(),
        lastDate: today.add({ days: 1 }).toString(),
        windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
      },
    }),
  );
  const [variant] = approval.manifest.variants;
  const parts = bulletin.rendered[0]?.parts;
  if (!variant || !parts) throw new AppError('the manifest binds no sound', { code: 'test/manifest' });
  const sounds = await Promise.all(variant.sounds.map((sha256) => heard(approver, sha256)));
  await body(
    approver.api.approvals[':id'].approve.$post({
      param: { id: approval.id },
      json: { heardToEnd: true, reason: '' },
    }),
  );
  const loudest = (pick: (sound: (typeof sounds)[number]) => number) => Math.max(...sounds.map(pick));
  return {
    bulletinId: bulletin.id,
    approvalId: approval.id,
    title: approval.manifest.title,
    spokenText: variant.spokenText,
    durationMs: variant.durationMs,
    loudnessLufs: sounds.at(-1)?.loudnessLufs ?? Number.NaN,
    truePeakDbtp: loudest(({ truePeakDbtp }) => truePeakDbtp),
    sounds: variant.sounds,
    reference: await approvedSound(
      sounds.map(({ bytes }) => bytes),
      parts.filter((part) => part.kind !== 'relay'),
    ),
  };
}

/** Schedules it once for every hamlet, a few seconds from now on a whole second; returns the instant. */
export async function schedule(village: Village, explainer: Explainer, aheadMs: number): Promise<number> {
  const start = systemClock
    .now()
    .add({ milliseconds: aheadMs })
    .round({ smallestUnit: 'second', roundingMode: 'ceil' });
  await scheduleAt(village, explainer, start.epochMilliseconds);
  return start.epochMilliseconds;
}

/** Schedules it once for every hamlet at an instant on a whole second. */
export async function scheduleAt(
  { author, communeId }: Village,
  { bulletinId, approvalId }: Explainer,
  startsAtMs: number,
): Promise<void> {
  const local = Temporal.Instant.fromEpochMilliseconds(startsAtMs).toZonedDateTimeISO(TIME_ZONE);
  const date = local.toPlainDate().toString();
  await body(
    author.api.series.$post({
      json: {
        bulletinId,
        approvalId,
        rule: { kind: 'once' },
        firstDate: date,
        lastDate: date,
        localTime: local.toPlainTime().toString({ smallestUnit: 'second' }),
        targets: { areas: [communeId] },
      },
    }),
  );
}

/** Fetches a sound as the leader's browser does, and its measured level. */
async function heard({ api, fetch }: Person, sha256: string) {
  const bytes = new Uint8Array(
    await (await fetch(api.sounds[':sha256'].$url({ param: { sha256 } }))).arrayBuffer(),
  );
  const facts = await body(api.sounds[':sha256'].facts.$get({ param: { sha256 } }));
  return {
    bytes,
    loudnessLufs: facts.loudnessLufs ?? Number.NaN,
    truePeakDbtp: facts.truePeakDbtp ?? Number.NaN,
  };
}
