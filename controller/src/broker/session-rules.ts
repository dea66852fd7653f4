import type { Duplex } from 'node:stream';
import type { Clock } from '@loa/kernel';
import type { AedesOptions, ConnectPacket } from 'aedes';
import { type AclRule, type AdmittedRole, type BrokerRole, isAllowed } from './acl.ts';
import type { BrokerLimits } from './limits.ts';
import type { Tally } from './tally.ts';

/** What a client showed at the door. */
export interface Login {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

/** CONNACK codes of MQTT 3.1.1 §3.2.2.3. */
const IDENTIFIER_REJECTED = 2;
const NOT_AUTHORIZED = 5;

/** Why a login was refused, in the form that aedes turns into a CONNACK. */
class Refusal extends Error {
  readonly returnCode: typeof IDENTIFIER_REJECTED | typeof NOT_AUTHORIZED;

  constructor(message: string, returnCode: Refusal['returnCode'] = NOT_AUTHORIZED) {
    super(message);
    this.returnCode = returnCode;
  }
}

type Hooks = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>
>;

/** Creates the hooks by which aedes asks who may come in, publish and subscribe, and remembers each connection's role. */
export function createSessionRules({
  limits,
  aclRules,
  clock,
  tally,
  judge,
}: {
  readonly limits: BrokerLimits;
  readonly aclRules: readonly AclRule[];
  readonly clock: Clock;
  readonly tally: Tally;
  /** Asks the controller. */
  readonly judge: (login: Login) => Promise<BrokerRole>;
}): { readonly hooks: Hooks; roleOf(connection: Duplex): AdmittedRole | undefined } {
  const connects = new WeakMap<Duplex, ConnectPacket>();
  const roles = new WeakMap<Duplex, AdmittedRole>();

  const judgeInTime = async (login: Login): Promise<BrokerRole> => {
    const answered = new AbortController();
    const late = clock
      .sleep(limits.authTimeoutMs, { signal: answered.signal })
      .then((): BrokerRole => ({ role: 'refused' }))
      .catch((): BrokerRole => ({ role: 'refused' })); // the answer came first
    return Promise.race([judge(login), late]).finally(() => answered.abort());
  };

  const admit = async (
    connection: Duplex,
    connect: ConnectPacket | undefined,
    credentials: Omit<Login, 'clientId'>,
  ) => {
    // [MQTT-3.1.3-8] aedes would make up an id; ours are names, and a long one would only fill the log.
    if (!connect?.clientId || connect.clientId.length > 128)
      throw new Refusal('a client id of 1 to 128 characters is needed', IDENTIFIER_REJECTED);
    if (!connect.keepalive || connect.keepalive > limits.maxKeepaliveS)
      throw new Refusal(`keepalive must be 1 to ${limits.maxKeepaliveS} s`);
    const role = await judgeInTime({ clientId: connect.clientId, ...credentials });
    if (role.role === 'refused') throw new Refusal('unknown user or wrong password');
    if (role.role === 'device' && role.deviceId !== connect.clientId)
      throw new Refusal('the client id must be the device id');
    // A will is published when its owner is gone, so it is judged while somebody is there to be told.
    if (connect.will && (connect.will.qos === 2 || !isAllowed(aclRules, role, 'will', connect.will.topic)))
      throw new Refusal(`a will on ${connect.will.topic} is not allowed`);
    roles.set(connection, role);
  };

  const hooks: Hooks = {
    preConnect(client, packet, done) {
      connects.set(client.conn, packet);
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const connect = connects.get(client.conn);
      connects.delete(client.conn);
      admit(client.conn, connect, {
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password: password.toString() }),
      }).then(
        () => done(null, true),
        (error: unknown) => {
          const refusal = error instanceof Refusal ? error : new Refusal('the login could not be judged');
          tally.count('refusedLogins', {
            clientId: connect?.clientId.slice(0, 128),
            reason: refusal.message,
          });
          done(refusal, false);
        },
      );
    },
    authorizePublish(client, packet, done) {
      const role = client ? roles.get(client.conn) : undefined;
      const action = packet.retain ? 'publish-retained' : 'publish';
      // QoS 2 is part of no channel; its store would be one more thing to fill.
      if (role && packet.qos !== 2 && isAllowed(aclRules, role, action, packet.topic)) return done(null);
      tally.count('deniedPublishes', { clientId: client?.id, topic: packet.topic, qos: packet.qos });
      done(new Error(`${action} on ${packet.topic} is not allowed`)); // closes: 3.1.1 has no other way to say no
    },
    authorizeSubscribe(client, subscription, done) {
      const role = roles.get(client.conn);
      if (role && subscription.qos !== 2 && isAllowed(aclRules, role, 'subscribe', subscription.topic))
        return done(null, subscription);
      tally.count('deniedSubscribes', {
        clientId: client.id,
        topic: subscription.topic,
        qos: subscription.qos,
      });
      done(null, null); // SUBACK 0x80
    },
  };
  return { hooks, roleOf: (connection) => roles.get(connection) };
}
