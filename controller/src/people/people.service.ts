import { AppError, type Clock } from '@loa/kernel';
import { requireWithin } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor, Role } from '../http/access.ts';
import { type Accounts, LINK_LIFETIME_MS } from './accounts.ts';
import { createPeopleStore, type Grant } from './people.store.ts';

/** An account with its roles. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** A one-time link, shown once: whoever opens it first is signed in as this person. */
export interface SignInLink {
  readonly url: string;
  readonly expiresAtMs: number;
}

/** Accounts and roles of people. */
export interface People {
  /** Returns who sent these headers, with their roles; `undefined` when nobody is signed in. */
  actorFrom(headers: Headers): Promise<Actor | undefined>;
  list(): Promise<readonly Person[]>;
  /** @throws {AppError} area/unknown; people/forbidden when the area is outside the actor's own. */
  create(
    actor: Actor,
    wanted: { readonly name: string; readonly role: Role; readonly areaId: string },
    origin: string,
  ): Promise<{ readonly person: Person; readonly link: SignInLink }>;
  /** @throws {AppError} people/unknown; people/forbidden when the person holds a role outside the actor's area. */
  newLink(actor: Actor, personId: string, origin: string): Promise<SignInLink>;
}

/** Creates accounts and roles. `publicUrl` is where people reach the console, without a slash at the end. */
export function createPeople({
  db,
  clock,
  accounts,
  publicUrl,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly publicUrl: () => string;
}): People {
  const store = createPeopleStore(db);
  const audit = (actor: Actor, action: string, personId: string, after: object, origin: string) =>
    db.transaction().execute(async (tx) => {
      await recordAudit(tx, clock, {
        actor: actor.userId,
        action,
        subject: `person:${personId}`,
        after,
        origin,
      });
    });
  const makeLink = (email: string) => signInLink({ accounts, clock, publicUrl }, email);
  return {
    async actorFrom(headers) {
      const person = await accounts.whoSent(headers);
      return person && { ...person, grants: await store.grantsOf(person.userId) };
    },
    async list() {
      const [people, grants] = await Promise.all([store.all(), store.allGrants()]);
      return people.map(({ id, name }) => ({
        id,
        name,
        grants: grants.filter(({ userId }) => userId === id).map(({ role, areaId }) => ({ role, areaId })),
      }));
    },
    async create(actor, { name, role, areaId }, origin) {
      await requireWithin(db, actor, 'people:write', areaId);
      const id = await accounts.create(name); // better-auth uses the outer database: never inside the transaction
      await db.transaction().execute(async (tx) => {
        await createPeopleStore(tx).grant(id, { role, areaId }, clock.now().epochMilliseconds);
        await recordAudit(tx, clock, {
          actor: actor.userId,
          action: 'person.created',
          subject: `person:${id}`,
          after: { name, role, areaId },
          origin,
        });
      });
      const row = await found(store, id);
      return { person: { id, name, grants: [{ role, areaId }] }, link: await makeLink(row.email) };
    },
    async newLink(actor, personId, origin) {
      const row = await found(store, personId);
      for (const { areaId } of await store.grantsOf(personId))
        await requireWithin(db, actor, 'people:write', areaId);
      const link = await makeLink(row.email);
      await audit(actor, 'person.link-made', personId, { expiresAtMs: link.expiresAtMs }, origin);
      return link;
    },
  };
}

async function found(store: ReturnType<typeof createPeopleStore>, id: string) {
  const row = await store.find(id);
  if (!row) throw new AppError<ControllerErrorCode>(`there is no account ${id}`, { code: 'people/unknown' });
  return row;
}

/** Makes a one-time link for the account with this address. */
export async function signInLink(
  {
    accounts,
    clock,
    publicUrl,
  }: { readonly accounts: Accounts; readonly clock: Clock; readonly publicUrl: () => string },
  email: string,
): Promise<SignInLink> {
  const expiresAtMs = clock.now().epochMilliseconds + LINK_LIFETIME_MS;
  return { url: `${publicUrl()}/sign-in?token=${await accounts.makeToken(email)}`, expiresAtMs };
}
