/** Who a connection turned out to be. */
export type BrokerRole =
  | { readonly role: 'controller' }
  | { readonly role: 'device'; readonly deviceId: string }
  | { readonly role: 'refused' };

/** A connection that was let in. */
export type AdmittedRole = Exclude<BrokerRole, { readonly role: 'refused' }>;

export type BrokerAction = 'publish' | 'publish-retained' | 'subscribe' | 'will';

/** One thing that a role may do. */
export interface AclRule {
  readonly role: AdmittedRole['role'];
  readonly action: BrokerAction;
  /** The exact topic or filter. `{d}` stands for a device's own id, and for any one id when the controller acts. */
  readonly topic: string;
}

/** Tells whether `rules` let `role` do `action` on `topic`. What no rule names is denied. */
export function isAllowed(
  rules: readonly AclRule[],
  role: AdmittedRole,
  action: BrokerAction,
  topic: string,
): boolean {
  return rules.some((rule) => {
    if (rule.role !== role.role || rule.action !== action) return false;
    const [before = '', after] = rule.topic.split('{d}');
    if (after === undefined) return topic === rule.topic;
    if (!topic.startsWith(before) || !topic.endsWith(after)) return false;
    const id = topic.slice(before.length, topic.length - after.length);
    // A device named `+` would own everybody's topics, whoever let it be enrolled.
    return /^[^+#/$\0]+$/.test(id) && (role.role === 'controller' || id === role.deviceId);
  });
}
