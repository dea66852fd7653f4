import { Readable } from 'node:stream';

/** The part of a retained message that the broker's store looks at. */
interface RetainedMessage {
  readonly topic: string;
  readonly payload: Uint8Array | string;
}

/** Tells whether an MQTT topic filter with `+` and `#` matches a topic name. */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (levels[i] === undefined || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

/**
 * The broker's store: retained messages, by topic, in memory, and nothing else.
 * SUBSCRIBE to an exact topic is one look-up; aedes' own store tests every retained message for every subscription,
 * which took 60 s for 5,000 clients. No session outlives its connection, whatever a client asks for: messages queued
 * for boxes that stay away would fill the memory, and a broker's queue proves nothing (P5); CONNACK says so (session
 * present = 0). QoS 2 is refused and wills live in their connection, so the other calls have nothing to do.
 */
export function createRetainedPersistence() {
  const retained = new Map<string, RetainedMessage>();
  const nothing = async () => {};
  const empty = () => Readable.from([]);
  const noSubscriptions = async () => [];
  const noSuchPacket = async () => {
    throw new Error('no such packet');
  };
  function* matching(filters: readonly string[]) {
    for (const filter of filters) {
      if (!/[+#]/.test(filter)) {
        const message = retained.get(filter);
        if (message) yield message;
      } else for (const [topic, message] of retained) if (filterMatches(filter, topic)) yield message;
    }
  }
  return {
    size: () => retained.size,
    setup: nothing,
    async storeRetained(message: RetainedMessage) {
      if (message.payload.length === 0) retained.delete(message.topic);
      else retained.set(message.topic, { ...message });
    },
    createRetainedStreamCombi: (filters: readonly string[]) => Readable.from(matching(filters)),
    addSubscriptions: nothing,
    removeSubscriptions: nothing,
    cleanSubscriptions: nothing,
    subscriptionsByClient: noSubscriptions,
    subscriptionsByTopic: noSubscriptions,
    outgoingEnqueue: nothing,
    outgoingEnqueueCombi: nothing,
    outgoingUpdate: nothing,
    outgoingClearMessageId: nothing,
    outgoingStream: empty,
    incomingStorePacket: nothing,
    incomingGetPacket: noSuchPacket,
    incomingDelPacket: noSuchPacket,
    putWill: nothing,
    delWill: nothing,
    streamWill: empty,
  };
}
