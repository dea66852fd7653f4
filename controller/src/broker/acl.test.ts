import { describe, expect, it } from 'vitest';
import { type AdmittedRole, type BrokerAction, isAllowed as isAllowedBy } from './acl.ts';
import { aclRules } from './acl-rules.ts';

const isAllowed = (role: AdmittedRole, action: BrokerAction, topic: string) =>
  isAllowedBy(aclRules(), role, action, topic);

const device = { role: 'device', deviceId: 'box-1' } as const;
const controller = { role: 'controller' } as const;
const own = (channel: string) => `loa/v1/d/box-1/${channel}`;
const FROM_DEVICE = ['hello', 'receipt', 'journal', 'health', 'time/req', 'status'];
const TO_DEVICE = ['order', 'welcome', 'ack', 'time/res'];
const ACTIONS: readonly BrokerAction[] = ['publish', 'publish-retained', 'subscribe', 'will'];

describe('a device', () => {
  it.each(FROM_DEVICE)('publishes its own %s and does not subscribe to it', (channel) => {
    expect(isAllowed(device, 'publish', own(channel))).toBe(true);
    expect(isAllowed(device, 'subscribe', own(channel))).toBe(false);
  });

  it.each(TO_DEVICE)('subscribes to its own %s and does not publish to it', (channel) => {
    expect(isAllowed(device, 'subscribe', own(channel))).toBe(true);
    expect(isAllowed(device, 'publish', own(channel))).toBe(false);
  });

  it('retains and leaves a will on its own status alone', () => {
    for (const channel of [...FROM_DEVICE, ...TO_DEVICE]) {
      expect(isAllowed(device, 'publish-retained', own(channel))).toBe(channel === 'status');
      expect(isAllowed(device, 'will', own(channel))).toBe(channel === 'status');
    }
  });

  it.each([
    'loa/v1/d/box-2/order',
    'loa/v1/d/box-2/hello',
    'loa/v1/d/box-2/status',
    'loa/v1/d/+/order',
    'loa/v1/d/+/hello',
    'loa/v1/d/box-1/+',
    'loa/v1/d/box-1/time/+',
    'loa/v1/d/box-1/#',
    'loa/v1/d/box-1/order/more',
    'loa/v1/d/box-1/order/',
    'loa/v1/d/box-1/',
    'loa/v2/d/box-1/order',
    'x/loa/v1/d/box-1/order',
    '$share/g/loa/v1/d/box-1/order',
    '$SYS/broker/heartbeat',
    '$SYS/#',
    '#',
    '+',
    '',
  ])('may do nothing at all on %j', (topic) => {
    for (const action of ACTIONS) expect(isAllowed(device, action, topic)).toBe(false);
  });

  it.each(['+', '#', 'a/b', '$SYS', ''])('gains nothing from the odd id %j', (deviceId) => {
    for (const channel of [...FROM_DEVICE, ...TO_DEVICE])
      for (const action of ACTIONS)
        expect(isAllowed({ role: 'device', deviceId }, action, `loa/v1/d/${deviceId}/${channel}`)).toBe(
          false,
        );
  });
});

describe('the controller', () => {
  it('publishes what is bound for one device', () => {
    for (const channel of TO_DEVICE) expect(isAllowed(controller, 'publish', own(channel))).toBe(true);
    for (const channel of FROM_DEVICE) expect(isAllowed(controller, 'publish', own(channel))).toBe(false);
    for (const odd of ['loa/v1/d/+/order', 'loa/v1/d//order', 'loa/v1/d/a/b/order', 'loa/v1/d/order'])
      expect(isAllowed(controller, 'publish', odd)).toBe(false);
  });

  it('subscribes to what comes from every device', () => {
    for (const channel of FROM_DEVICE)
      expect(isAllowed(controller, 'subscribe', `loa/v1/d/+/${channel}`)).toBe(true);
    for (const channel of TO_DEVICE)
      expect(isAllowed(controller, 'subscribe', `loa/v1/d/+/${channel}`)).toBe(false);
  });

  it.each(['#', 'loa/#', 'loa/v1/d/+/#', '$SYS/#', '$share/g/loa/v1/d/+/hello', 'loa/v1/d/box-1/hello'])(
    'does not subscribe to %s',
    (topic) => {
      expect(isAllowed(controller, 'subscribe', topic)).toBe(false);
    },
  );

  it('neither retains nor leaves a will', () => {
    for (const channel of [...FROM_DEVICE, ...TO_DEVICE]) {
      expect(isAllowed(controller, 'publish-retained', own(channel))).toBe(false);
      expect(isAllowed(controller, 'will', own(channel))).toBe(false);
    }
  });
});
