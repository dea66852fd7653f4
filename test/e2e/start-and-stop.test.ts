import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@loa/kernel';
import { OPUS_RATE_HZ, writeWav } from '@loa/media/sound';
import { syntheticSpeech } from '@loa/media/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControllerProcess, startController } from '../support/controller-process.ts';
import { body, type Person, signIn } from '../support/person.ts';
import { descendantRunning, isRunning, processTree } from '../support/process-tree.ts';
import { uploadSound } from '../support/upload-sound.ts';

const soon = { timeout: 30_000 };

let folder: string;
let site: string;
/** Keeps its address over restarts, so that who is signed in stays so. */
let port: string;
let admin: Person;
let author: Person;
let stored: Awaited<ReturnType<typeof whatIsStored>>;
let occupant: Server;
let takenPort: string;

const start = (env: Readonly<Record<string, string>> = {}) =>
  startController(site, { LOA_HTTP_PORT: port, ...env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-e2e-'));
  site = join(folder, 'site');
  port = '0';
  await withController({}, async (controller) => {
    port = new URL(controller.httpUrl).port;
    admin = await signIn(await controller.firstSignIn());
    const areaId = (await body(admin.api.areas.$get())).areas[0]?.id ?? '';
    await body(admin.api.areas.$post({ json: { parentId: areaId, name: 'Thôn Đông', kind: 'Thôn' } }));
    const { link } = await body(
      admin.api.people.$post({ json: { name: 'Nguyễn Thị Lan', role: 'author', areaId } }),
    );
    author = await signIn(link.url);
    await uploadSound(author, writeWav(syntheticSpeech({ seconds: 2 }), OPUS_RATE_HZ));
    stored = await whatIsStored();
  });
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const address = occupant.address();
  takenPort = String(typeof address === 'object' ? address?.port : '');
});

afterAll(async () => {
  occupant?.close();
  await rm(folder, { recursive: true, force: true });
});

async function withController(
  env: Readonly<Record<string, string>>,
  work: (controller: ControllerProcess) => Promise<void>,
): Promise<void> {
  const controller = await start(env);
  try {
    await work(controller);
  } finally {
    await controller.stop();
  }
}

/** The last line that a controller said which must not come up, and its exit code. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  try {
    await (await start(env)).stop();
    return 'it started';
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
}

async function whatIsStored() {
  const { areas } = await body(admin.api.areas.$get());
  const { people } = await body(admin.api.people.$get());
  const sounds = (await readdir(join(site, 'sounds'))).sort();
  return { areas, people, sounds };
}

describe('a controller that cannot start says why, and keeps what it has:', () => {
  it('a taken HTTP port', async () => {
    expect(await refusal({ LOA_HTTP_PORT: takenPort })).toContain(
      `loa-controller: 127.0.0.1:${takenPort} is already in use: stop the other program or set LOA_HTTP_PORT to another port [controller/port-taken]`,
    );
  });

  it('a taken broker port', async () => {
    expect(await refusal({ LOA_BROKER_PORT: takenPort })).toContain(
      `loa-controller: the MQTT port 127.0.0.1:${takenPort} is taken by another program; stop that program or configure another port [broker/port-taken]`,
    );
  });

  it('a data folder under a file', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, 'not a folder');
    const dataDir = join(file, 'data');
    expect(await refusal({ LOA_DATA_DIR: dataDir })).toContain(
      `loa-controller: the data folder ${dataDir} cannot be written (ENOTDIR): give this account the right to write there, or set LOA_DATA_DIR to another folder [controller/data-dir]`,
    );
  });

  it('a data folder where the system lets nobody write', async () => {
    expect(await refusal({ LOA_DATA_DIR: '/proc/loa' })).toContain('[controller/data-dir]');
  });

  it('a wrong configuration, with every bad key at once', async () => {
    const said = await refusal({ LOA_HTTP_PORT: 'eighty', LOA_BROKER: 'perhaps', LOA_DATTA_DIR: '/x' });
    expect(said).toContain('LOA_HTTP_PORT: wanted a port, 0 to 65535 (set in the environment)');
    expect(said).toContain('LOA_BROKER: wanted embedded or external (set in the environment)');
    expect(said).toContain('LOA_DATTA_DIR: there is no such key (set in the environment)');
    expect(said).toContain('ended (2)');
  });

  it('then starts with all of it', async () => {
    await withController({}, async () => {
      expect(await whatIsStored()).toEqual(stored);
    });
  });
});

describe('without a usable ffmpeg', () => {
  const sentence =
    'no usable ffmpeg. Tried LOA_FFMPEG (/nonexistent): there is no such file. Correct LOA_FFMPEG, or unset it to let Loa look for another.';

  it('the controller runs, says that it is not ready and why, refuses uploads, and keeps its sounds', async () => {
    await withController({ LOA_FFMPEG: '/nonexistent' }, async ({ httpUrl }) => {
      expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200);
      const readiness = async () => {
        const answer = await fetch(`${httpUrl}/readyz`);
        return [answer.status, await answer.json()];
      };
      await expect
        .poll(readiness, soon)
        .toMatchObject([
          503,
          { code: 'controller/not-ready', fields: [{ path: 'ffmpeg', message: sentence }] },
        ]);
      await expect(
        uploadSound(author, writeWav(new Int16Array(OPUS_RATE_HZ), OPUS_RATE_HZ)),
      ).rejects.toMatchObject({ code: 'media/no-ffmpeg', message: sentence });
      expect(await whatIsStored()).toEqual(stored);
    });
  });
});

describe('what a person does wrong', () => {
  let controller: ControllerProcess;
  beforeAll(async () => {
    controller = await start();
  });
  afterAll(async () => {
    await controller.stop();
  });

  it.each([
    ['that is no sound', Buffer.from('this is a letter, not a recording')],
    ['that is empty', Buffer.alloc(0)],
    ['cut off after its header', writeWav(syntheticSpeech({ seconds: 1 }), OPUS_RATE_HZ).subarray(0, 44)],
  ])('an upload %s is refused, and leaves nothing behind', async (_, bytes) => {
    const upload = uploadSound(author, bytes);
    await expect(upload).rejects.toMatchObject({ code: 'sound/broken-upload' });
    await expect(upload).rejects.toThrow(
      /^the recording cannot be used: .*\. Save it again as WAV, MP3 or M4A and upload the whole file$/,
    );
    expect(await whatIsStored()).toEqual(stored);
  });

  it('an unknown cluster is named', async () => {
    const claim = body(admin.api.clusters[':id']['claim-codes'].$post({ param: { id: 'clu_nowhere' } }));
    await expect(claim).rejects.toMatchObject({ code: 'cluster/unknown' });
    await expect(claim).rejects.toThrow('clu_nowhere');
    expect(await whatIsStored()).toEqual(stored);
  });
});

describe('a controller that is asked to stop', () => {
  it('ends with code 0 and leaves no process behind, though browsers listen', async () => {
    const controller = await start();
    const events = await admin.fetch(`${controller.httpUrl}/api/v1/events`);
    expect(events.status).toBe(200);
    const pids = processTree(controller.pid);
    expect(descendantRunning(controller.pid, 'broker-child')).toBeDefined();
    expect(await controller.stop()).toBe(0); // 3 when a part did not stop within 5 s
    expect(pids.filter(isRunning)).toEqual([]);
    await events.body?.cancel();
  });
});
