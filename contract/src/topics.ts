import type { DeviceId } from '@loa/kernel';
import { AppError } from '@loa/kernel';
import { deviceId } from './scalars.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** Who speaks on a channel, and how MQTT carries it. Only `status` is retained: nothing that a box must obey is. */
export const CHANNELS = {
  order: { direction: 'to-box', qos: 1, retain: false },
  welcome: { direction: 'to-box', qos: 1, retain: false },
  ack: { direction: 'to-box', qos: 1, retain: false },
  'time/res': { direction: 'to-box', qos: 0, retain: false },
  hello: { direction: 'from-box', qos: 1, retain: false },
  receipt: { direction: 'from-box', qos: 1, retain: false },
  journal: { direction: 'from-box', qos: 1, retain: false },
  health: { direction: 'from-box', qos: 0, retain: false },
  'time/req': { direction: 'from-box', qos: 0, retain: false },
  status: { direction: 'from-box', qos: 1, retain: true },
} as const satisfies Record<string, { direction: 'to-box' | 'from-box'; qos: 0 | 1; retain: boolean }>;

export type Channel = keyof typeof CHANNELS;
export type Direction = (typeof CHANNELS)[Channel]['direction'];

const ROOT = `loa/v${PROTOCOL_VERSION}/d`;
const isChannel = (text: string): text is Channel => Object.hasOwn(CHANNELS, text);

/** Returns the channels that go one way. */
export function channelsOf(direction: Direction): readonly Channel[] {
  return Object.keys(CHANNELS)
    .filter(isChannel)
    .filter((channel) => CHANNELS[channel].direction === direction);
}

/** Returns the topic of one device's channel: `loa/v1/d/{device}/order`. */
export function topicOf(device: DeviceId, channel: Channel): string {
  return `${ROOT}/${device}/${channel}`;
}

/** Returns the controller's subscription to a channel of every device: `loa/v1/d/+/hello`. */
export function everyDevice(channel: Channel): string {
  return `${ROOT}/+/${channel}`;
}

/** Returns the device and channel of a topic, or `undefined` when it is not one of ours. */
export function parseTopic(
  topic: string,
): { readonly device: DeviceId; readonly channel: Channel } | undefined {
  if (!topic.startsWith(`${ROOT}/`)) return undefined;
  const [id, ...rest] = topic.slice(ROOT.length + 1).split('/');
  const device = deviceId.safeParse(id);
  const channel = rest.join('/');
  return device.success && isChannel(channel) ? { device: device.data, channel } : undefined;
}

/**
 * Returns `text` as a device id.
 * @throws {AppError} contract/bad-device-id when it is not 3 to 63 of a-z 0-9 _ -.
 */
export function parseDeviceId(text: string): DeviceId {
  const parsed = deviceId.safeParse(text);
  if (!parsed.success)
    throw new AppError(
      `wanted a device id of 3 to 63 characters a-z 0-9 _ -, got ${JSON.stringify(text.slice(0, 80))}`,
      {
        code: 'contract/bad-device-id',
      },
    );
  return parsed.data;
}
