import { createRoute, z } from '@hono/zod-openapi';
import { AppError } from '@loa/kernel';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ControllerErrorCode } from '../errors.ts';
import { actorOf, type HttpEnv, permitted } from '../http/access.ts';
import { boxOnly } from '../http/edge-access.ts';
import { json } from '../http/json-body.ts';
import { featureApp } from '../http/problem.ts';
import { sendSound } from '../http/send-sound.ts';
import type { Sounds } from './sounds.service.ts';

/** The largest recording that is accepted. An hour of MP3 at 128 kbit/s is 58 MB. */
const MAX_UPLOAD_BYTES = 200 * 1024 * 1024;

const sound = z
  .object({
    sha256: z.string(),
    byteLength: z.int(),
    durationMs: z.int(),
    loudnessLufs: z.number().nullable(),
    truePeakDbtp: z.number().nullable(),
    madeBy: z.string(),
  })
  .openapi('Sound');
const byHash = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'wanted a SHA-256 as 64 lower-case hex digits'),
});
const oggAnswer = {
  description: 'Ogg/Opus; one byte range may be asked for',
  content: { 'audio/ogg': { schema: z.any() } },
};

/** Sounds to listen to and recordings to upload, under /api/v1/sounds. */
export function createSoundRoutes({ sounds }: { readonly sounds: Sounds }) {
  return featureApp()
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/sounds/{sha256}',
        request: { params: byHash },
        responses: {
          200: oggAnswer,
        },
      }),
      async (c) => listen(c, sounds),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/sounds/{sha256}/facts',
        request: { params: byHash },
        responses: { 200: json('Its length and measured level', sound) },
      }),
      async (c) => c.json(await sounds.get(c.req.valid('param').sha256), 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/sounds/{sha256}/peaks',
        request: { params: byHash },
        responses: {
          200: json('The waveform as 0..1 peaks', z.object({ peaks: z.array(z.number()).readonly() })),
        },
      }),
      async (c) => c.json({ peaks: await sounds.peaks(c.req.valid('param').sha256) }, 200),
    )
    .openapi(
      createRoute({
        ...permitted('content:read'),
        method: 'get',
        path: '/sounds/{sha256}/facts',
        request: { params: byHash },
        responses: { 200: json('What was measured on its very bytes', sound) },
      }),
      async (c) => c.json(await sounds.get(c.req.valid('param').sha256), 200),
    )
    .openapi(
      createRoute({
        'x-loa-permission': 'content:write',
        middleware: [permitted('content:write').middleware, uploadLimit] as const,
        method: 'post',
        path: '/sounds',
        request: {
          body: {
            required: true,
            description: 'A recording in any format that ffmpeg reads, as it is',
            content: { 'application/octet-stream': { schema: z.any() } },
          },
        },
        responses: { 201: json('The sound, brought to the one loudness', sound) },
      }),
      async (c) => {
        const { body, signal } = c.req.raw;
        return c.json(await sounds.addUpload(body ?? [], `upload by ${actorOf(c).name}`, signal), 201);
      },
    );
}

const uploadLimit: MiddlewareHandler<HttpEnv> = bodyLimit({
  maxSize: MAX_UPLOAD_BYTES,
  onError: () => {
    throw new AppError<ControllerErrorCode>(
      `the recording is larger than ${MAX_UPLOAD_BYTES / 1024 / 1024} MB: cut it or save it as MP3`,
      { code: 'request/too-large' },
    );
  },
});

async function listen(c: Context<HttpEnv>, sounds: Sounds): Promise<Response> {
  const sha256 = c.req.param('sha256') ?? '';
  return sendSound(c, sounds.pathOf(sha256), sha256);
}

/** `GET /edge/v1/media/{sha256}`: the bytes a box plays, resumable. */
export function createEdgeMediaRoutes({
  sounds,
  requireBox,
}: {
  readonly sounds: Sounds;
  readonly requireBox: MiddlewareHandler<HttpEnv>;
}) {
  return featureApp().openapi(
    createRoute({
      ...boxOnly(requireBox),
      method: 'get',
      path: '/media/{sha256}',
      request: { params: byHash },
      responses: { 200: oggAnswer },
    }),
    async (c) => listen(c, sounds),
  );
}
