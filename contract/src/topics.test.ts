import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS, channelsOf, everyDevice, parseDeviceId, parseTopic, topicOf } from './topics.ts';

const device = parseDeviceId('loa-3f8k2m');
const deviceText = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{2,62}$/);

describe('topics', () => {
  it('carry the version, the device and the channel', () => {
    expect(topicOf(device, 'time/res')).toBe('loa/v1/d/loa-3f8k2m/time/res');
    expect(everyDevice('hello')).toBe('loa/v1/d/+/hello');
  });

  it('come back as they went, for every channel and every device id', () => {
    fc.assert(
      fc.property(
        deviceText,
        fc.constantFrom(...channelsOf('to-box'), ...channelsOf('from-box')),
        (id, channel) => {
          expect(parseTopic(topicOf(parseDeviceId(id), channel))).toEqual({ device: id, channel });
        },
      ),
    );
  });

  it('divide into those to the box and those from it, and only status is retained', () => {
    expect(channelsOf('to-box')).toEqual(['order', 'welcome', 'ack', 'time/res']);
    expect(channelsOf('from-box')).toEqual(['hello', 'receipt', 'journal', 'health', 'time/req', 'status']);
    const retained = Object.entries(CHANNELS).filter(([, { retain }]) => retain);
    expect(retained.map(([channel]) => channel)).toEqual(['status']);
  });

  it.each([
    '',
    'loa/v1/d',
    'loa/v1/d/',
    'loa/v1/d/loa-3f8k2m',
    'loa/v1/d/loa-3f8k2m/',
    'loa/v1/d/loa-3f8k2m/order/',
    'loa/v1/d/loa-3f8k2m/time',
    'loa/v1/d/loa-3f8k2m/toString',
    'loa/v1/d/+/order',
    'loa/v1/d/#',
    'loa/v1/d//order',
    'loa/v1/d/Loa/order',
    'loa/v1/d/loa-3f8k2m\n/order',
    'loa/v2/d/loa-3f8k2m/order',
    '/loa/v1/d/loa-3f8k2m/order',
    '$share/g/loa/v1/d/loa-3f8k2m/order',
  ])('that are not ours are not read: %j', (topic) => {
    expect(parseTopic(topic)).toBeUndefined();
  });
});

describe('a device id', () => {
  it.each(['ab', 'a'.repeat(64), 'A-box', '-box', 'box/1', 'box+', '#', 'bóx', 'box\n', ''])(
    'is refused with a sentence when it is %j',
    (text) => {
      expect(() => parseDeviceId(text)).toThrow(
        expect.objectContaining({
          code: 'contract/bad-device-id',
          message: expect.stringContaining('wanted a device id'),
        }),
      );
    },
  );
});
