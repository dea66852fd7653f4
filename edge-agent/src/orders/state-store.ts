import { createHash } from 'node:crypto';
import {
  compareRevisions,
  type Hello,
  type Revision,
  type StateKind,
  type StateRevisions,
  sha256,
} from '@loa/contract';
import type { AgentDatabase } from '../db/agent-database.ts';

/** A state as it is kept: the signed original, its revision, and the SHA-256 of its text. */
export interface HeldState extends Revision {
  readonly digest: string;
  readonly jws: string;
}

/** How an offered revision relates to the one that is held. */
export type Offer = 'newer' | 'same' | 'stale';

/** The newest signed original of each state. The newest (epoch, rev) wins, in any order of arrival. */
export interface StateStore {
  held(kind: StateKind): HeldState | undefined;
  /** Tells how a state would be taken. Another text under a revision already held is stale: the first one binds. */
  judge(kind: StateKind, revision: Revision, jws: string): Offer;
  keep(kind: StateKind, revision: Revision, jws: string): void;
  /** What is held, for hello and the digest of health. */
  revisions(): StateRevisions;
  greeting(): Hello['states'];
}

const digestOf = (jws: string) => createHash('sha256').update(jws).digest('hex');

/** Opens the states of a database. */
export function openStateStore({ database: { sql } }: { readonly database: AgentDatabase }): StateStore {
  const select = sql.prepare('SELECT epoch, rev, digest, jws FROM state WHERE kind = ?');
  const upsert = sql.prepare(
    `INSERT INTO state (kind, epoch, rev, digest, jws) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET epoch = excluded.epoch, rev = excluded.rev, digest = excluded.digest, jws = excluded.jws`,
  );
  const all = sql.prepare('SELECT kind, epoch, rev, digest FROM state ORDER BY kind');
  const held = (kind: StateKind): HeldState | undefined => {
    const row = select.get(kind);
    if (!row) return undefined;
    return {
      epoch: Number(row['epoch']),
      rev: Number(row['rev']),
      digest: String(row['digest']),
      jws: String(row['jws']),
    };
  };
  const rows = () =>
    all.all().map((row) => ({
      kind: String(row['kind']),
      epoch: Number(row['epoch']),
      rev: Number(row['rev']),
      digest: String(row['digest']),
    }));
  return {
    held,
    judge(kind, revision, jws) {
      const current = held(kind);
      const order = current ? compareRevisions(revision, current) : 1;
      if (order > 0) return 'newer';
      return order === 0 && current?.digest === digestOf(jws) ? 'same' : 'stale';
    },
    keep(kind, { epoch, rev }, jws) {
      upsert.run(kind, epoch, rev, digestOf(jws), jws);
    },
    revisions: () => Object.fromEntries(rows().map(({ kind, epoch, rev }) => [kind, { epoch, rev }])),
    greeting: () =>
      Object.fromEntries(
        rows().map(({ kind, epoch, rev, digest }) => [kind, { epoch, rev, digest: sha256.parse(digest) }]),
      ),
  };
}
