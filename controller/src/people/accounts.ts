import { randomBytes } from 'node:crypto';
import type { Secret } from '@loa/kernel';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { magicLink } from 'better-auth/plugins/magic-link';
import type { Db } from '../db/database.ts';

/** A person who proved who they are. */
export interface SignedIn {
  readonly userId: string;
  readonly name: string;
}

/** What became of a one-time link: the cookies that sign the person in, or why not. */
export type Redeemed =
  | { readonly kind: 'signed-in'; readonly cookies: readonly string[] }
  | { readonly kind: 'used' }
  | { readonly kind: 'too-many' };

/** Accounts, one-time links and sign-ins of people, by better-auth on our own database. Never call it inside a transaction. */
export interface Accounts {
  /** Makes or completes the tables of accounts. */
  migrate(): Promise<void>;
  /** Makes an account and returns its id. It has no password; it is entered by one-time links. */
  create(name: string): Promise<string>;
  /** Returns the token of a new one-time link for the account with this address, good for 24 hours; only its hash is stored. */
  makeToken(email: string): Promise<string>;
  redeem(token: string, address: string | undefined): Promise<Redeemed>;
  /** Returns who sent these headers, or `undefined`. */
  whoSent(headers: Headers): Promise<SignedIn | undefined>;
  /** Ends the sign-in of these headers; returns the cookies that clear it. */
  signOut(headers: Headers): Promise<readonly string[]>;
}

export const LINK_LIFETIME_MS = 24 * 60 * 60_000;
const STAY_SIGNED_IN_S = 7 * 24 * 60 * 60;
const TRIES_PER_MINUTE = 10;
/** Requests to better-auth are made here, never by a browser; this name only joins its pieces. */
const INTERNAL_URL = 'http://accounts.invalid';
/** Carries the peer's address to the rate limit; set here alone, so that nobody outside chooses it. */
const ADDRESS_HEADER = 'x-loa-peer-address';

/**
 * Creates the accounts on the main database.
 * @param isHttps whether people reach the controller by HTTPS: cookies then travel by nothing else.
 */
export function createAccounts({
  db,
  secret,
  isHttps,
}: {
  readonly db: Db;
  readonly secret: Secret;
  readonly isHttps: boolean;
}): Accounts {
  const options = {
    appName: 'Loa',
    baseURL: INTERNAL_URL,
    basePath: '/auth',
    secret: secret.reveal(),
    database: { db, type: 'sqlite' as const, transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    user: { modelName: 'people' },
    session: { modelName: 'people_sign_ins', expiresIn: STAY_SIGNED_IN_S, updateAge: 24 * 60 * 60 },
    account: { modelName: 'people_credentials' },
    verification: { modelName: 'people_links' },
    rateLimit: { enabled: true, window: 60, max: TRIES_PER_MINUTE, storage: 'memory' as const },
    advanced: {
      cookiePrefix: 'loa',
      useSecureCookies: isHttps,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const, path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [
      magicLink({
        disableSignUp: true, // accounts are made by an admin, never by a link
        expiresIn: LINK_LIFETIME_MS / 1000,
        storeToken: 'hashed',
        rateLimit: { window: 60, max: TRIES_PER_MINUTE },
        generateToken: () => randomBytes(32).toString('base64url'),
        // There is no mail server: the token goes back to whoever asked for it on a person's behalf.
        sendMagicLink: ({ token, metadata }) => {
          metadata?.['take'](token);
        },
      }),
    ],
  };
  const auth = betterAuth(options);
  const call = (path: string, init: RequestInit) =>
    auth.handler(new Request(`${INTERNAL_URL}/auth${path}`, init));
  const ownHeaders = (headers: Headers) => {
    const cookie = headers.get('cookie');
    return new Headers(cookie === null ? {} : { cookie });
  };
  return {
    async migrate() {
      const { runMigrations } = await getMigrations(options);
      await runMigrations();
    },
    async create(name) {
      const { internalAdapter } = await auth.$context;
      // better-auth wants an address for each account; nothing is ever sent to it.
      const email = `${randomBytes(12).toString('hex')}@loa.invalid`;
      const { id } = await internalAdapter.createUser(
        { name, email, emailVerified: true },
        { method: 'magic-link' },
      );
      return id;
    },
    async makeToken(email) {
      const taken = Promise.withResolvers<string>();
      await auth.api.signInMagicLink({
        body: { email, metadata: { take: taken.resolve } },
        headers: new Headers(),
      });
      return taken.promise;
    },
    async redeem(token, address) {
      const query = new URLSearchParams({ token, errorCallbackURL: '/refused' });
      const response = await call(`/magic-link/verify?${query}`, {
        headers: address === undefined ? {} : { [ADDRESS_HEADER]: address },
      });
      if (response.status === 429) return { kind: 'too-many' };
      return response.ok ? { kind: 'signed-in', cookies: response.headers.getSetCookie() } : { kind: 'used' };
    },
    async whoSent(headers) {
      if (!headers.has('cookie')) return undefined;
      const found = await auth.api.getSession({ headers: ownHeaders(headers) });
      return found ? { userId: found.user.id, name: found.user.name } : undefined;
    },
    async signOut(headers) {
      const sent = ownHeaders(headers);
      sent.set('origin', INTERNAL_URL);
      return (await call('/sign-out', { method: 'POST', headers: sent })).headers.getSetCookie();
    },
  };
}
