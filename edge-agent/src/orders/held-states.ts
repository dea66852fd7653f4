import {
  type ConfigBody,
  type HoldBody,
  type KeysBody,
  type MessageOf,
  openMessage,
  type PlanContent,
  type PolicyBody,
  type Revision,
  type StateKind,
} from '@loa/contract';
import type { Logger } from '@loa/kernel';
import { createListeners } from '../listeners.ts';
import type { StateStore } from './state-store.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** The plan with the revision under which it came. */
export interface HeldPlan extends Revision {
  readonly content: PlanContent;
}

/** The bodies of the newest states, opened and ready for use. */
export interface HeldStates {
  plan(): HeldPlan | undefined;
  policy(): PolicyBody | undefined;
  hold(): HoldBody | undefined;
  config(): ConfigBody | undefined;
  keys(): KeysBody | undefined;
  /** Takes a state that was judged newer and is stored already. */
  adopt(message: MessageOf<StateKind>): void;
  onChange(listener: (kind: StateKind) => void): () => void;
}

/** Opens what is stored once more, signatures included: a changed byte on the disk must not sound (P1). */
export async function loadHeldStates({
  states,
  trust,
  log,
  maxBytes,
}: {
  readonly states: StateStore;
  readonly trust: TrustAnchor;
  readonly log: Logger;
  readonly maxBytes: number;
}): Promise<HeldStates> {
  const changes = createListeners<StateKind>();
  let plan: HeldPlan | undefined;
  let policy: PolicyBody | undefined;
  let hold: HoldBody | undefined;
  let config: ConfigBody | undefined;
  const take = (message: MessageOf<StateKind>) => {
    const { epoch, rev } = message;
    if (message.kind === 'plan' && message.body.kind === 'inline')
      plan = { epoch, rev, content: message.body.content };
    if (message.kind === 'policy') policy = message.body;
    if (message.kind === 'hold') hold = message.body;
    if (message.kind === 'config') config = message.body;
    if (message.kind === 'keys') trust.adopt(message.body);
  };
  for (const kind of ['plan', 'policy', 'hold', 'config'] as const) {
    const held = states.held(kind);
    if (!held) continue;
    const judged = await openMessage(held.jws, trust.current(), { maxBytes });
    if (judged.ok && judged.message.kind === kind) take(judged.message);
    else
      log.error(
        { kind, why: judged.ok ? 'another kind' : judged.code },
        'a stored state does not open any more',
      );
  }
  return {
    plan: () => plan,
    policy: () => policy,
    hold: () => hold,
    config: () => config,
    keys: () => trust.current().keys,
    adopt(message) {
      take(message);
      changes.emit(message.kind);
    },
    onChange: changes.on,
  };
}
