import { CHANNELS, channelsOf, everyDevice, parseTopic } from '@loa/contract';

/** Who a connection turned out to be. */
export type BrokerRole =
  | { readonly role: 'controller' }
  | { readonly role: 'device'; readonly deviceId: string }
  | { readonly role: 'refused' };

/** A connection that was let in. */
export type AdmittedRole = Exclude<BrokerRole, { readonly role: 'refused' }>;

export type BrokerAction = 'publish' | 'publish-retained' | 'subscribe' | 'will';

const CONTROLLER_HEARS: ReadonlySet<string> = new Set(channelsOf('from-box').map(everyDevice));

/**
 * Tells whether `role` may do `action` on `topic`. Everything not named here is denied, so `$SYS`, `$share`,
 * `#` and a neighbour's topics need no rule of their own. A device reads and writes under its own id alone;
 * retained messages and wills exist on its `status` only; the controller never retains.
 */
export function isAllowed(role: AdmittedRole, action: BrokerAction, topic: string): boolean {
  if (role.role === 'controller' && action === 'subscribe') return CONTROLLER_HEARS.has(topic);
  const parsed = parseTopic(topic); // its ids hold no wildcard: a device named `+` would own everybody's topics
  if (!parsed) return false;
  const { direction, retain } = CHANNELS[parsed.channel];
  if (role.role === 'controller') return action === 'publish' && direction === 'to-box';
  if (parsed.device !== role.deviceId) return false;
  switch (action) {
    case 'subscribe':
      return direction === 'to-box';
    case 'publish':
      return direction === 'from-box';
    case 'publish-retained':
    case 'will':
      return direction === 'from-box' && retain;
  }
}
