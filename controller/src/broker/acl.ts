/** Who a connection turned out to be. */
export type BrokerRole =
  | { readonly role: 'controller' }
  | { readonly role: 'device'; readonly deviceId: string }
  | { readonly role: 'refused' };

/** A connection that was let in. */
export type AdmittedRole = Exclude<BrokerRole, { readonly role: 'refused' }>;

export type BrokerAction = 'publish' | 'publish-retained' | 'subscribe' | 'will';

// Topic list of wire contract version 1 (DESIGN §7).
const ROOT = 'loa/v1/d';
const STATUS = 'status';
const FROM_DEVICE: readonly string[] = ['hello', 'receipt', 'journal', 'health', 'time/req', STATUS];
const TO_DEVICE: readonly string[] = ['order', 'welcome', 'ack', 'time/res'];

/**
 * Tells whether `role` may do `action` on `topic`. Everything not named here is denied, so `$SYS`, `$share`,
 * `#` and a neighbour's topics need no rule of their own. A device reads and writes under its own id alone;
 * retained messages and wills exist on its `status` only; the controller never retains.
 */
export function isAllowed(role: AdmittedRole, action: BrokerAction, topic: string): boolean {
  const parsed = /^loa\/v1\/d\/([^/]+)\/(.+)$/.exec(topic);
  const [, who = '', channel = ''] = parsed ?? [];
  if (role.role === 'controller') {
    if (action === 'publish') return isPlain(who) && TO_DEVICE.includes(channel);
    return action === 'subscribe' && topic === `${ROOT}/+/${channel}` && FROM_DEVICE.includes(channel);
  }
  if (who !== role.deviceId || !isPlain(who)) return false;
  switch (action) {
    case 'publish':
      return FROM_DEVICE.includes(channel);
    case 'publish-retained':
    case 'will':
      return channel === STATUS;
    case 'subscribe':
      return TO_DEVICE.includes(channel);
  }
}

/** A device named `+` would own everybody's topics, whoever let it be enrolled. */
function isPlain(topicLevel: string): boolean {
  return topicLevel !== '' && !/[+#/$\0]/.test(topicLevel);
}
