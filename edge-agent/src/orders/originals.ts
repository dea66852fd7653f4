import { EDGE_PATHS, LIMITS, type StateKind, sha256 } from '@loa/contract';
import type { Logger } from '@loa/kernel';
import type { Patience } from '../cache/patience.ts';
import type { Journal } from '../journal/journal.ts';
import type { HttpRequest } from '../link/http.ts';
import type { StateStore } from './state-store.ts';

/** Tells a restored controller the signed originals that it asks for. */
export type SendOriginals = (wants: readonly StateKind[]) => Promise<void>;

/**
 * Creates the sender of originals, each revision once per start. One that does not fit a journal event is sent up by its
 * hash first; when that fails it is tried again at the next welcome.
 */
export function createOriginals({
  states,
  journal,
  request,
  patience,
  log,
}: {
  readonly states: StateStore;
  readonly journal: Journal;
  readonly request: HttpRequest;
  readonly patience: Patience;
  readonly log: Logger;
}): SendOriginals {
  const sent = new Set<string>();
  const sendUp = async (digest: string, jws: string) => {
    const path = EDGE_PATHS.original(sha256.parse(digest));
    const headers = { 'content-type': 'application/jose' };
    using answer = await patience(new AbortController().signal, (signal) =>
      request(path, { method: 'PUT', headers, body: jws, signal }),
    );
    const { status } = answer;
    if (status < 200 || status > 299) throw new TypeError(`the controller answered ${status}`);
  };
  return async (wants) => {
    for (const kind of wants) {
      const held = states.held(kind);
      if (!held || sent.has(held.digest)) continue;
      const { epoch, rev, digest, jws } = held;
      const fits = jws.length <= LIMITS.inlineOriginal;
      try {
        if (!fits) await sendUp(digest, jws);
      } catch (error) {
        log.warn({ err: error, kind }, 'a signed original could not be sent up yet');
        continue;
      }
      sent.add(digest);
      journal.append({
        kind: 'original',
        state: kind,
        epoch,
        rev,
        sha256: sha256.parse(digest),
        jws: fits ? jws : null,
      });
    }
  };
}
