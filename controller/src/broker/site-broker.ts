import type { Clock, Logger, Part, Secret } from '@loa/kernel';
import type { Config } from '../config.ts';
import type { BrokerRole } from './acl.ts';
import type { BrokerCredentials } from './broker-process.ts';
import { createEmbeddedBroker } from './embedded-broker.ts';

/** The broker of this site, Loa's own or the operator's, as the rest of the controller sees it. */
export interface SiteBroker {
  /** What must be started for it: nothing when the operator runs it. */
  readonly parts: readonly Part[];
  /** As the controller itself reaches it. */
  url(): string;
  /** As boxes are told to reach it. */
  publicUrl(): string;
  /** How the controller shows itself. */
  login(): {
    readonly url: string;
    readonly clientId: string;
    readonly username: string | undefined;
    readonly password: Secret | undefined;
  };
  /** Ends a box's connection, where that is in our hands; a failure is logged. */
  disconnect(deviceId: string): void;
}

const CLIENT_ID = 'loa-controller';

/** Creates the broker that the configuration names. The embedded one asks `authenticate` about every login, ours included. */
export function createSiteBroker(
  config: Config['broker'],
  {
    authenticate,
    controller,
    clock,
    log,
  }: {
    readonly authenticate: (credentials: BrokerCredentials) => Promise<BrokerRole>;
    /** The controller's own name and password at the embedded broker. */
    readonly controller: { readonly username: string; readonly password: Secret };
    readonly clock: Clock;
    readonly log: Logger;
  },
): SiteBroker {
  if (config.kind === 'external')
    return {
      parts: [],
      url: () => config.url,
      publicUrl: () => config.publicUrl ?? config.url,
      login: () => ({
        clientId: CLIENT_ID,
        url: config.url,
        username: config.username,
        password: config.password,
      }),
      disconnect() {},
    };
  const { host, port } = config;
  const broker = createEmbeddedBroker({ host, port, authenticate, log, clock });
  return {
    parts: [broker],
    url: () => broker.url(),
    publicUrl: () => config.publicUrl ?? broker.url(),
    login: () => ({ clientId: CLIENT_ID, url: broker.url(), ...controller }),
    disconnect(deviceId) {
      void broker.disconnect(deviceId).catch((error: unknown) => {
        log.warn({ err: error, deviceId }, 'a box that serves no more could not be disconnected yet');
      });
    },
  };
}
