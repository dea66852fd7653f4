import { type Proof, proveByRecording } from '../support/proof.ts';
import { outcomeAt } from '../support/today.ts';
import type { Explainer } from './broadcast.ts';
import { type Screen, table } from './screen.ts';
import { THIS_MACHINE } from './sound-card.ts';
import type { Hamlet, Village } from './village.ts';

/** What the recordings and the ledger say together. */
export interface Verdict {
  readonly ok: boolean;
  readonly clusters: number;
  readonly proven: number;
  readonly startErrorMsMax: number | null;
  readonly skewMsMax: number | null;
}

/** A sound is proven when nearly all of it was heard, exactly once, and the ledger says so too. */
const PROVEN_COVERAGE = 0.98;
const TIME_ZONE = 'Asia/Ho_Chi_Minh';

interface Line {
  readonly hamlet: Hamlet;
  readonly proof: Proof;
  readonly errorMs: number | undefined;
  readonly outcome: { readonly result: string; readonly reason: string; readonly evidence: string };
  readonly isProven: boolean;
}

/** Waits for the outcomes, compares every recording with the approved audio, and prints the table. */
export async function proveAll(
  screen: Screen,
  village: Village,
  explainer: Explainer,
  plannedAtMs: number,
): Promise<Verdict> {
  const lines: Line[] = [];
  // A sound card leaves no recording to compare: the box beside the listener is heard, not proven.
  for (const hamlet of village.hamlets.filter(({ name }) => name !== THIS_MACHINE)) {
    const outcome = await outcomeAt(village.author, hamlet.clusterId, plannedAtMs);
    screen.say(`  ${hamlet.name}: ${outcome.result}`);
    const proof = await proveByRecording(hamlet.agent.recordings, explainer.reference, plannedAtMs);
    lines.push({
      hamlet,
      proof,
      outcome,
      errorMs: proof.startedAtMs === undefined ? undefined : proof.startedAtMs - plannedAtMs,
      isProven:
        outcome.result === 'played' &&
        proof.matched &&
        proof.hearings.length === 1 &&
        proof.coverage >= PROVEN_COVERAGE,
    });
  }
  screen.say(
    `\n${table([['Hamlet', 'Planned', 'Started', 'Error', 'Match', 'Outcome'], ...lines.map((line) => row(line, plannedAtMs))])}\n`,
  );
  const errors = lines.flatMap(({ errorMs }) => (errorMs === undefined ? [] : [errorMs]));
  const rounded = (ms: number) => Math.round(ms * 100) / 100;
  const proven = lines.filter(({ isProven }) => isProven).length;
  return {
    ok: proven === lines.length,
    clusters: lines.length,
    proven,
    startErrorMsMax: errors.length === 0 ? null : rounded(Math.max(...errors.map(Math.abs))),
    skewMsMax: errors.length < 2 ? null : rounded(Math.max(...errors) - Math.min(...errors)),
  };
}

const clock = (ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(Math.round(ms))
    .toZonedDateTimeISO(TIME_ZONE)
    .toPlainTime()
    .toString({ smallestUnit: 'millisecond' });

function row({ hamlet, proof, errorMs, outcome, isProven }: Line, plannedAtMs: number): readonly string[] {
  return [
    hamlet.name,
    clock(plannedAtMs),
    proof.startedAtMs === undefined ? '—' : clock(proof.startedAtMs),
    errorMs === undefined ? '—' : `${errorMs >= 0 ? '+' : ''}${errorMs.toFixed(1)} ms`,
    `${Math.round(proof.coverage * 100)} %, strength ${proof.strength.toFixed(0)} (≥ ${proof.threshold})`,
    `${outcome.result} (${outcome.reason}, evidence: ${outcome.evidence})${isProven ? ' ✓ proven' : ' ✗ not proven'}`,
  ];
}
