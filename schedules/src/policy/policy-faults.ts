import { isTimeZone } from '../calendar/civil-time.ts';
import type { Fault } from '../fault.ts';
import type { Policy, PolicyWindow } from '../policy.ts';

/** Returns what is wrong with a policy, or nothing (P12). `checkPolicy` takes policies without faults. */
export function policyFaults(policy: Policy): readonly Fault[] {
  const { timeZone, windows, volume, mutes } = policy;
  return [
    ...fault(isTimeZone(timeZone), 'timeZone', 'a time zone such as Asia/Ho_Chi_Minh', timeZone),
    ...windows.flatMap((window, index) => windowFaults(window, `windows[${index}]`)),
    ...volume.flatMap((rule, index) => [
      ...windowFaults(rule, `volume[${index}]`),
      ...fault(rule.maxGainDb <= 0, `volume[${index}].maxGainDb`, '0 dB or less', rule.maxGainDb),
    ]),
    ...mutes.flatMap(({ fromMs, untilMs }, index) =>
      fault(fromMs < untilMs, `mutes[${index}].untilMs`, 'an end after its start', untilMs),
    ),
    ...LIMITS.flatMap((name) => fault((policy[name] ?? 0) >= 0, name, '0 or more, or none', policy[name])),
  ];
}

const LIMITS = ['maxSessionsPerDay', 'maxMinutesPerSession', 'maxMinutesPerDay'] as const;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

function windowFaults({ days, from, to }: PolicyWindow, field: string): readonly Fault[] {
  const isWeek = days.length > 0 && days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
  return [
    ...fault(isWeek, `${field}.days`, 'weekdays from 1 (Monday) to 7 (Sunday)', days.join()),
    ...fault(CLOCK.test(from), `${field}.from`, 'a time HH:MM, 00:00 to 24:00', from),
    ...fault(CLOCK.test(to), `${field}.to`, 'a time HH:MM, 00:00 to 24:00', to),
  ];
}

function fault(holds: boolean, field: string, wanted: string, came: unknown): readonly Fault[] {
  return holds ? [] : [{ field, wanted, came: String(came) }];
}
