import type { PlanReason } from './reason.ts';
import { reasonInEnglish } from './reason-en.ts';
import { reasonInVietnamese } from './reason-vi.ts';

/** The languages in which reasons are said. */
export type ReasonLanguage = 'vi' | 'en';

/** Returns the sentence that tells a person what `compile` or a policy meant. */
export function reasonText(reason: PlanReason, language: ReasonLanguage): string {
  return language === 'vi' ? reasonInVietnamese(reason) : reasonInEnglish(reason);
}
