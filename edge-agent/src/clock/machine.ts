import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** Facts about the machine that only the kernel knows. */
export interface Machine {
  /** Random per boot of the machine. */
  readonly bootId: string;
  /** Whether a real-time clock keeps the time without power. */
  readonly hasRtc: boolean;
}

/** Reads the facts from Linux; elsewhere every start of the process counts as a boot without RTC. */
export function readMachine(): Machine {
  let bootId: string;
  try {
    bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    bootId = randomUUID();
  }
  return { bootId, hasRtc: existsSync('/dev/rtc0') };
}
