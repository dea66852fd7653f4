import { localMomentOf } from '../calendar/civil-time.ts';
import { type ReasonLanguage, reasonText } from '../reason/reason-text.ts';
import type { Explanation } from './explain.ts';

const WORDS = {
  vi: {
    plays: (title: string, from: string, until: string) => `Đang phát “${title}” từ ${from} đến ${until}.`,
    held: (why: string) => `Loa đang bị tạm dừng: ${why}.`,
    silent: 'Loa đang im lặng: không có chương trình nào vào lúc này.',
    waits: (title: string, reason: string) => `“${title}” không được phát vào lúc này. ${reason}`,
    resumes: (title: string, at: string) => `“${title}” sẽ phát lúc ${at}.`,
    leftOut: (title: string, reason: string) => `“${title}” không có trong lịch phát. ${reason}`,
    next: (title: string, at: string) => `Tiếp theo: “${title}” lúc ${at}.`,
  },
  en: {
    plays: (title: string, from: string, until: string) => `"${title}" is playing, from ${from} to ${until}.`,
    held: (why: string) => `The horn is on hold: ${why}.`,
    silent: 'The horn is silent: nothing is planned now.',
    waits: (title: string, reason: string) => `"${title}" does not have the horn now. ${reason}`,
    resumes: (title: string, at: string) => `"${title}" gets its turn at ${at}.`,
    leftOut: (title: string, reason: string) => `"${title}" was left out of the plan. ${reason}`,
    next: (title: string, at: string) => `Next: "${title}" at ${at}.`,
  },
} as const;

/** Returns an explanation as sentences, the most important first; times are local. */
export function explanationText(
  { plays, heldBy, waiting, leftOut, next }: Explanation,
  language: ReasonLanguage,
  timeZone: string,
): readonly string[] {
  const say = WORDS[language];
  const clock = (ms: number) => localMomentOf(ms, timeZone).clock;
  return [
    ...(heldBy ? [say.held(heldBy.reason)] : []),
    ...(plays && !heldBy ? [say.plays(plays.title, clock(plays.fromMs), clock(plays.untilMs))] : []),
    ...(plays || heldBy || leftOut.length > 0 ? [] : [say.silent]),
    ...waiting.map(({ title, reason, resumesAtMs }) =>
      resumesAtMs !== null
        ? say.resumes(title, clock(resumesAtMs))
        : say.waits(title, reasonText(reason, language)),
    ),
    ...leftOut.map(({ title, reason }) => say.leftOut(title, reasonText(reason, language))),
    ...(next ? [say.next(next.title, clock(next.fromMs))] : []),
  ];
}
