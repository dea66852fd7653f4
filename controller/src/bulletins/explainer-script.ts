import { AppError } from '@loa/kernel';
import { normaliseForSpeech } from '@loa/media';
import type { ControllerErrorCode } from '../errors.ts';
import type { Statement } from '../procedures/procedure.schema.ts';
import type { Procedure } from '../procedures/procedures.service.ts';

/** A short explainer, as an officer of the commune would say it. */
export interface ExplainerScript {
  readonly title: string;
  readonly text: string;
  /** True when the commune has not verified the record: the text says so, and the approver is told. */
  readonly unverified: boolean;
}

/** espeak-ng speaks 3.7 Vietnamese syllables a second (measured); with the chime this many stay below 20 s. */
const MAX_SYLLABLES = 63;

const ASK = {
  verified: 'Đề nghị bà con liên hệ Bộ phận Một cửa của xã để được hướng dẫn.',
  draft: 'Thông tin tham khảo, đề nghị liên hệ Bộ phận Một cửa của xã.',
} as const;

/**
 * Writes what a hamlet should hear of a procedure in at most 20 s: what it is about, who must do it by when, where, whom to ask.
 * Only statements with a source or a person's confirmation are used; what does not fit is left out, never cut into another meaning.
 * @param today the local date, `YYYY-MM-DD`.
 * @throws {AppError} procedure/not-current when it is repealed or not valid on that date; procedure/unverified-facts when
 * nothing in it may be said.
 */
export function explainerScript(procedure: Procedure, today: string): ExplainerScript {
  requireCurrent(procedure, today, today);
  const { record, title } = procedure;
  const unverified = procedure.status !== 'verified';
  const ask = unverified ? ASK.draft : ASK.verified;
  const subject = subjectOf(title);
  const duty = firstSaid(record.duties);
  const where = firstSaid(record.howToFile);
  const known = [duty, where].filter((text) => text !== undefined);
  // From the fullest to the barest: the first one that fits is said.
  const wordings = known.length === 2 ? [known, known.slice(0, 1), known.slice(1)] : [known];
  const texts = wordings
    .filter((facts) => facts.length > 0)
    .flatMap((facts) =>
      [`${subject.what}${subject.forWhom}`, subject.what].map((what) => speech(what, facts, ask)),
    );
  const text = texts.find((candidate) => syllables(candidate) <= MAX_SYLLABLES);
  if (text === undefined)
    throw new AppError<ControllerErrorCode>(
      `${procedure.code} has no sourced or confirmed duty or way to file that is short enough to be said: confirm one, or write the bulletin by hand`,
      { code: 'procedure/unverified-facts' },
    );
  return { title: `Hướng dẫn ${subject.what}${subject.forWhom}`, text, unverified };
}

/**
 * Makes sure that a procedure may be explained on every day of a span of local dates, both inclusive.
 * @throws {AppError} procedure/not-current, saying why and what replaces it.
 */
export function requireCurrent(procedure: Procedure, firstDate: string, lastDate: string): void {
  const { code, status, replacedBy, record } = procedure;
  const why =
    status === 'repealed'
      ? `is repealed${replacedBy ? ` and replaced by ${replacedBy}` : ''}`
      : record.validUntil !== null && record.validUntil < lastDate
        ? `may be explained as it stands only until ${record.validUntil}`
        : record.validFrom !== null && record.validFrom > firstDate
          ? `is not in force before ${record.validFrom}`
          : undefined;
  if (why !== undefined)
    throw new AppError<ControllerErrorCode>(`${code} ${why}`, {
      code: 'procedure/not-current',
      details: { code, replacedBy },
    });
}

/** Takes from an official title what people call it: "Liên thông điện tử: đăng ký khai sinh, …, … cho trẻ em dưới 6 tuổi". */
function subjectOf(title: string): { readonly what: string; readonly forWhom: string } {
  const named = title.replace(/^[^:]*:\s*/, '');
  const [what = named] = named.split(',');
  const [, forWhom = ''] = /( cho [^,]+)$/.exec(named) ?? [];
  const short = what.endsWith(forWhom) ? what.slice(0, what.length - forWhom.length) : what;
  return { what: lowerFirst(short.trim()), forWhom };
}

/** Returns the first statement that may be said, without what is only for the eye: brackets, quoted menus, what follows a semicolon. */
function firstSaid(statements: readonly Statement[]): string | undefined {
  const text = statements.find(({ standing }) => standing !== 'unverified')?.text;
  return text
    ?.replace(/\s*\([^)]*\)/g, '')
    .replace(/,[^,;]*[“"][^”"]*[”"]/g, '')
    .replace(/;.*$/s, '.')
    .replace(/\.?\s*$/, '.');
}

function speech(what: string, facts: readonly string[], ask: string): string {
  const [first = '', ...others] = facts;
  return [`Về việc ${what}: ${lowerFirst(first)}`, ...others, ask].join(' ');
}

const lowerFirst = (text: string) => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1);

const syllables = (text: string) => normaliseForSpeech(text).spoken.split(/\s+/).length;
