import { LIMITS } from './limits.ts';
import { isActOrder, type SignedMessage } from './orders.ts';
import { planFault } from './plan.ts';
import { namesOnly } from './sound.ts';
import type { ConfigBody, KeysBody } from './states.ts';

const DAY_MS = 86_400_000;

/** Names what the schema of a message cannot see, or returns `undefined`: broken references, and lives that are too long. */
export function messageFault(message: SignedMessage): string | undefined {
  return isActOrder(message) ? (lifetimeFault(message) ?? bodyFault(message)) : bodyFault(message);
}

function lifetimeFault({ expMs, issuedAtMs }: { readonly expMs: number; readonly issuedAtMs: number }) {
  const lifetimeMs = expMs - issuedAtMs;
  if (lifetimeMs <= 0) return 'expMs is not after issuedAtMs';
  if (lifetimeMs > LIMITS.actLifetimeMs)
    return `the act lives ${lifetimeMs} ms, at most ${LIMITS.actLifetimeMs} ms are allowed`;
  return undefined;
}

function bodyFault(message: SignedMessage): string | undefined {
  switch (message.kind) {
    case 'plan':
      return message.body.kind === 'inline' ? planFault(message.body.content) : undefined;
    case 'keys':
      return keysFault(message.body);
    case 'config':
      return pinnedFault(message.body);
    case 'play':
      return namesOnly(message.body.parts, message.body.sounds.length)
        ? undefined
        : 'body.parts names a sound that the order does not list';
    case 'session-open': {
      const { preRoll, standBy, sounds } = message.body;
      return [...preRoll, ...standBy].every((sound) => sound < sounds.length)
        ? undefined
        : 'body.preRoll or body.standBy names a sound that the order does not list';
    }
    default:
      return undefined; // the other bodies refer to nothing
  }
}

function pinnedFault({ pinned }: ConfigBody): string | undefined {
  for (const [index, { parts, drillParts, sounds }] of pinned.entries())
    if (!namesOnly([...parts, ...(drillParts ?? [])], sounds.length))
      return `body.pinned[${index}] names a sound that it does not list`;
  return undefined;
}

/** A key listed twice could be revoked once and live on in its other record; one that outlives its 400 days is a root by stealth. */
function keysFault({ orderKeys, releaseKeys }: KeysBody): string | undefined {
  for (const [list, records] of Object.entries({ orderKeys, releaseKeys }))
    if (new Set(records.map(({ kid }) => kid)).size !== records.length)
      return `body.${list} names a key twice`;
  for (const [index, { notBeforeMs, notAfterMs }] of orderKeys.entries()) {
    const days = (notAfterMs - notBeforeMs) / DAY_MS;
    if (days <= 0 || days > LIMITS.orderKeyDays)
      return `body.orderKeys[${index}] is valid for ${days} days, wanted more than 0 and at most ${LIMITS.orderKeyDays}`;
  }
  return undefined;
}
