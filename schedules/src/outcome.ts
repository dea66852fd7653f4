/** How an occurrence ended. `unreported` is not here: it is the absence of an outcome, open until the journal closes it. */
export const RESULTS = ['played', 'partial', 'pre-empted', 'skipped', 'missed', 'refused'] as const;
export type Result = (typeof RESULTS)[number];

/** The strongest proof behind an outcome: nothing, samples accepted by the sink, current in the line, sound in a microphone. */
export const EVIDENCE = ['none', 'sink', 'line', 'microphone'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** Why an occurrence ended as it did. A closed list: reports, translations and statistics rest on it. */
export const REASONS = [
  'complete', // played to the end
  'withdrawn', // no longer in the newest plan; with `played`, aired from an older plan
  'pre-empted', // something that goes before it took the horn
  'hold', // a hold from the controller
  'local-stop', // somebody at the box stopped it
  'cancelled', // an act that was cancelled by the controller
  'expired', // an act whose time ran out before it was done
  'quiet-hours', // outside the policy's windows
  'limit', // the policy's sessions or minutes are used up
  'muted', // a temporary mute of the policy
  'too-late', // its late policy did not allow a start any more
  'clock-untrusted', // the box did not know the time
  'before-first-welcome', // began before a new database first met the controller
  'no-media', // a sound was not on the box in time
  'bad-media', // a sound did not have the promised hash or could not be decoded
  'no-sink', // no sound card
  'sink-lost', // the sound card went away
  'amplifier', // the amplifier gave no power or lost it
  'no-power', // the box lost power
  'agent-stopped', // the agent crashed or was stopped
  'slept-through', // the box was off at the time
  'no-link', // a session that needs the link had none
  'session-ended', // the session ended before its time
  'storage', // the box could not write its claim
  'horn-silent', // the sink played, the line or the microphone says nothing came out
  'unsupported', // the agent is too old for what was ordered
] as const;
export type Reason = (typeof REASONS)[number];

/** How sure a box is of the time. */
export const CLOCK_STATES = ['trusted', 'holdover', 'untrusted'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];
