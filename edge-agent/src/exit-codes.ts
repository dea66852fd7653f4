import { errorCode } from '@loa/kernel';

/** Exit codes of the agent, after sysexits.h where it has a word; a supervisor may tell from them whether to try again. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  'config/invalid': 78,
  'agent/data-dir': 73,
  'agent/already-running': 75,
  'agent/newer-database': 70,
  'agent/bad-identity': 65,
  'agent/claim-needed': 77,
  'agent/claim-refused': 77,
  'agent/claim-expired': 77,
};

/** A part did not end within the deadline. */
export const HUNG = 70;

/** Returns the exit code of a fatal error; 1 for one that has no code of its own. */
export function exitCodeOf(error: unknown): number {
  return EXIT_CODES[errorCode(error) ?? ''] ?? 1;
}
