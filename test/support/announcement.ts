import { AppError } from '@loa/kernel';
import { OPUS_RATE_HZ, writeWav } from '@loa/media/sound';
import { syntheticSpeech } from '@loa/media/testing';
import { approveExplainer, type Explainer } from '../demo/broadcast.ts';
import type { Village } from '../demo/village.ts';
import { body } from './person.ts';
import { uploadSound } from './upload-sound.ts';
import { waitFor } from './wait-for.ts';

/** Uploads a made-up voice of `seconds`, different for each `seed`, and has it approved: quicker than a spoken text. */
export async function approvedAnnouncement(
  village: Village,
  { seconds, seed }: { readonly seconds: number; readonly seed: number },
): Promise<Explainer> {
  const { author, communeId } = village;
  const recording = writeWav(syntheticSpeech({ seconds, seed }), OPUS_RATE_HZ);
  const sound = await uploadSound(author, recording);
  const draft = await body(
    author.api.bulletins.$post({
      json: {
        areaId: communeId,
        title: `Thông báo ${seed}`,
        class: 'routine',
        variants: [{ language: 'vi', segments: [{ kind: 'recording', sound }] }],
      },
    }),
  );
  await body(author.api.bulletins[':id'].render.$post({ param: { id: draft.id } }));
  const ready = await waitFor('the announcement', async () => {
    const bulletin = await body(author.api.bulletins[':id'].$get({ param: { id: draft.id } }));
    if (bulletin.failure) throw new AppError(bulletin.failure.detail, { code: bulletin.failure.code });
    return bulletin.state === 'ready' ? bulletin : undefined;
  });
  return approveExplainer(village, ready);
}
