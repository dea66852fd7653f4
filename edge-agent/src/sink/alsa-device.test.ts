import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findAlsaDevice } from './alsa-device.ts';
import { installFakeAplay } from './aplay.fake.ts';

const root = mkdtempSync(join(tmpdir(), 'loa-alsa-device-'));
afterAll(() => rmSync(root, { recursive: true }));
const { procFolder } = installFakeAplay(root);
mkdirSync(join(procFolder, 'Device/pcm1p'), { recursive: true }); // in /proc a link to card0

describe('an ALSA device', () => {
  it.each([
    ['plughw:0,0', 'card0/pcm0p/sub0/status'],
    ['hw:0', 'card0/pcm0p/sub0/status'],
    ['plughw:0,0,2', 'card0/pcm0p/sub2/status'],
    ['plughw:CARD=Device,DEV=1', 'Device/pcm1p/sub0/status'],
  ])('%s has its position in %s', (name, path) => {
    expect(findAlsaDevice(name, procFolder)).toEqual({ statusPath: join(procFolder, path) });
  });

  it.each(['default', 'pulse', 'dmix:0'])('%s has no position of its own', (name) => {
    expect(findAlsaDevice(name, procFolder)).toEqual({});
  });

  it('that is not there is absent, and the sentence says what there is', () => {
    expect(() => findAlsaDevice('plughw:1,0', procFolder)).toThrow(
      'there is no sound card "plughw:1,0"; this box has card 0 (Device)',
    );
    expect(() => findAlsaDevice('plughw:0,3', procFolder)).toThrow('this box has card 0 (Device)');
    expect(() => findAlsaDevice('plughw:0,0', join(root, 'nothing'))).toThrow('this box has no sound driver');
  });
});
