import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintWords } from '@loa/contract';
import { TEST_KEYS } from '@loa/contract/testing';
import { Secret, systemClock } from '@loa/kernel';
import { memoryLogger } from '@loa/kernel/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startController } from '../agent-rig.ts';
import { createHttp } from '../link/http.ts';
import { tempFolder } from '../temp-folder.ts';
import { certificateRequest } from './certificate-request.ts';
import { deviceKey } from './device-key.ts';
import { enrol } from './enrol.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function anEnrolment({ code = 'abcd-efgh-jkmn-pqrs' as string | null } = {}) {
  const controller = await startController();
  stops.push(controller.stop);
  const dataDir = tempFolder();
  const log = memoryLogger();
  const key = await deviceKey(dataDir);
  const begin = (controllerUrl = controller.url) => {
    const life = new AbortController();
    const identity = enrol({
      dataDir,
      http: createHttp({ controllerUrl }),
      claimCode: async () => (code === null ? undefined : new Secret(code)),
      key,
      clock: systemClock,
      log,
      signal: life.signal,
    });
    identity.catch(() => {}); // looked at by the test
    return { identity, life };
  };
  const posts = () => controller.requests.filter(({ path }) => path === '/edge/v1/enrolments').length;
  return { controller, dataDir, log, key, begin, posts };
}

describe('a new box', () => {
  it('makes its own key, asks with its claim code and keeps what it is given, for its user only', async () => {
    const { begin, dataDir, controller, posts } = await anEnrolment();
    const identity = await begin().identity;
    expect(identity).toMatchObject({ deviceId: controller.device, linkKey: controller.linkKey });
    for (const name of ['device-key.json', 'identity.json'])
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    expect(await begin().identity).toEqual(identity);
    expect(posts()).toBe(1);
    expect(readdirSync(dataDir).sort()).toEqual(['device-key.json', 'identity.json']);
  });

  it('says its six words and waits for the person; a crash meanwhile asks again about the same request', async () => {
    const { begin, controller, log, key, posts } = await anEnrolment();
    controller.options.enrolment = 'wait';
    const first = begin();
    await expect
      .poll(() => log.lines.find(({ fields }) => 'words' in fields)?.fields['words'])
      .toBe(fingerprintWords(Buffer.from(key.x, 'base64url')).join(' '));
    first.life.abort();
    await expect(first.identity).rejects.toThrow();
    controller.options.enrolment = 'issue';
    expect((await begin().identity).deviceId).toBe(controller.device);
    expect(posts()).toBe(1);
  });

  it.each([
    ['refuse', /the enrolment was refused: the words differ.*new claim code/],
    ['expired', /the claim code is too old: ask for a new one/],
  ] as const)('that meets %s says so in a sentence', async (how, sentence) => {
    const { begin, controller } = await anEnrolment();
    controller.options.enrolment = how;
    await expect(begin().identity).rejects.toThrow(sentence);
  });

  it('without a claim code says which key is missing', async () => {
    const { begin } = await anEnrolment({ code: null });
    await expect(begin().identity).rejects.toThrow(/LOA_AGENT_CLAIM_CODE/);
  });

  it('whose controller does not answer goes on asking', async () => {
    const { begin, log } = await anEnrolment();
    const { identity, life } = begin('http://127.0.0.1:9');
    await expect.poll(() => log.lines.length).toBeGreaterThan(0);
    expect(log.lines[0]?.message).toBe('the controller cannot be reached yet; asking again');
    life.abort();
    await expect(identity).rejects.toThrow();
  });

  it('whose identity file is damaged is told what to do, and the file stays', async () => {
    const { begin, dataDir } = await anEnrolment();
    const path = join(dataDir, 'identity.json');
    writeFileSync(path, '{"status":"iss');
    await expect(begin().identity).rejects.toThrow(/identity.json cannot be read: restore it/);
    expect(readFileSync(path, 'utf8')).toBe('{"status":"iss');
  });
});

describe('the certificate request', () => {
  it('is signed by the key that it carries', () => {
    const pem = certificateRequest(TEST_KEYS.device, 'loa-box');
    expect(pem).toMatch(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE REQUEST-----\n$/,
    );
    const der = Buffer.from(pem.replace(/-----.*-----|\n/g, ''), 'base64');
    const { d: _, ...jwk } = TEST_KEYS.device;
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(der.includes(publicKey.export({ format: 'der', type: 'spki' }))).toBe(true);
    // SEQUENCE { info, SEQUENCE { 1.3.101.112 }, BIT STRING } (RFC 2986 §4.2): all lengths here are below 256 + 128.
    const outer = der[1] === 0x82 ? 4 : der[1] === 0x81 ? 3 : 2;
    const tail = 7 + 67;
    const info = der.subarray(outer, der.length - tail);
    expect(verify(null, info, publicKey, der.subarray(der.length - 64))).toBe(true);
  });
});
