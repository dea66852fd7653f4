import type { PlanReason } from './reason.ts';

/** Says a reason in English. */
export function reasonInEnglish(reason: PlanReason): string {
  switch (reason.code) {
    case 'quiet-hours':
      return `${reason.from} to ${reason.to} is outside the hours that the policy allows.`;
    case 'muted':
      return `Muted until ${reason.until}: ${reason.why}.`;
    case 'limit':
      return `More than the policy allows: ${LIMITS[reason.limit](reason.max)}.`;
    case 'excluded':
      return 'This date was taken out of the series.';
    case 'holiday':
      return `A holiday: ${reason.name}.`;
    case 'no-calendar':
      return `The series asks the holiday table "${reason.tableId}", which is not there.`;
    case 'waits-for-commune':
      return `The piece from ${reason.from} waits for the commune's choice.`;
    case 'declined':
      return `The commune chose not to air the piece from ${reason.from}.`;
    case 'not-approved':
      return `Nothing is approved for ${reason.date}.`;
    case 'no-policy':
      return 'This cluster has no broadcasting policy yet.';
    case 'already-begun':
      return 'This broadcast has begun and does not change any more.';
    case 'in-the-past':
      return 'Its time has passed.';
    case 'collision':
      return 'This start falls together with another one of the same series.';
    case 'pre-empts':
      return 'The later one goes before the one on air and interrupts it.';
    case 'waits':
      return `The later one waits for the horn and begins ${Math.ceil(reason.waitMs / 1000)} seconds late.`;
    case 'gives-way':
      return 'The horn is busy and the later one may not wait that long, so it does not sound.';
    case 'slot-over':
      return 'By the time the horn is free its slot is over, so it does not sound.';
    case 'edit-begun':
      return 'This broadcast has begun: the change does not touch it.';
    case 'edit-due':
      return 'This broadcast is due: a cluster that hears in time follows the change, another plays as before; none plays twice.';
    case 'edit-held':
      return `Clusters without a link that still hold the old plan and may play it: ${reason.boxes}.`;
    case 'edit-free':
      return 'This broadcast will follow the change.';
    case 'needs-choice':
      return 'Two priority broadcasts fall together: a person must choose which goes first.';
  }
}

const LIMITS = {
  'sessions-per-day': (max: number) => `at most ${max} sessions a day`,
  'minutes-per-session': (max: number) => `at most ${max} minutes a session`,
  'minutes-per-day': (max: number) => `at most ${max} minutes a day`,
} as const;
