/** Returns that flag a second machine under one identity. */
const RETURNS_THAT_PROVE = 2;
const INSTANCES_REMEMBERED = 4;

/**
 * Tells clones from restarts. An `instanceId` is random per start of the agent and never stored, so one that was replaced
 * never comes back: an instance that says something new *again* after its successor spoke is a second machine.
 * A delayed message alone can look like one return; two cannot.
 */
export function createCloneWatch() {
  const known = new Map<string, { id: string; nonces: string[]; returns: number }[]>();
  return {
    /** Notes a fresh greeting. Returns both instances when two alternate, else `undefined`. */
    hear(deviceId: string, instanceId: string, nonce: string): readonly [string, string] | undefined {
      const instances = known.get(deviceId) ?? [];
      known.set(deviceId, instances);
      const newest = instances.at(-1);
      const found = instances.find(({ id }) => id === instanceId);
      if (!found) {
        instances.push({ id: instanceId, nonces: [nonce], returns: 0 });
        if (instances.length > INSTANCES_REMEMBERED) instances.shift();
        return undefined;
      }
      if (found.nonces.includes(nonce)) return undefined; // the broker repeats itself
      found.nonces = [...found.nonces, nonce].slice(-8);
      if (!newest || found === newest) return undefined;
      found.returns += 1;
      return found.returns >= RETURNS_THAT_PROVE ? [found.id, newest.id] : undefined;
    },
  };
}
