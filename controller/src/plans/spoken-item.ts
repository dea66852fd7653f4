import type { Part, SoundRef } from '@loa/contract';
import type { PlannableSeries, PlannableVariant } from '../series/series.service.ts';

/** What a cluster says of one series: the variants its languages ask for, one after the other. */
export interface SpokenItem {
  /** The first language spoken; each part names its own. */
  readonly language: string;
  readonly parts: readonly Part[];
  readonly sounds: readonly SoundRef[];
  /** Repeats and pauses included. */
  readonly plannedMs: number;
}

/** A breath between two languages. */
const BETWEEN_LANGUAGES = { kind: 'pause', ms: 800 } as const satisfies Part;

/** Joins the variants in the order of `languages`; `undefined` when the series speaks none of them. */
export function spokenItem(
  { variants, repeat }: Pick<PlannableSeries, 'variants' | 'repeat'>,
  languages: readonly string[],
): SpokenItem | undefined {
  const chosen = languages.flatMap((language) => variants.filter((variant) => variant.language === language));
  const [first] = chosen;
  if (!first) return undefined;
  const sounds: SoundRef[] = [];
  const parts: Part[] = [];
  let durationMs = 0;
  for (const variant of chosen) {
    if (parts.length > 0) {
      parts.push(BETWEEN_LANGUAGES);
      durationMs += BETWEEN_LANGUAGES.ms;
    }
    parts.push(...moved(variant, sounds));
    durationMs += variant.durationMs;
  }
  const plannedMs = durationMs * repeat.times + repeat.gapMs * (repeat.times - 1);
  return { language: first.language, parts, sounds, plannedMs: Math.round(plannedMs) };
}

/** Points the parts of a variant at a shared table of sounds, adding what is not in it yet. */
export function moved(
  { parts, sounds, language }: Pick<PlannableVariant, 'parts' | 'sounds'> & { readonly language?: string },
  table: SoundRef[],
): readonly Part[] {
  const at = sounds.map((sound) => {
    const known = table.findIndex(({ sha256 }) => sha256 === sound.sha256);
    return known >= 0 ? known : table.push(sound) - 1;
  });
  const indexOf = (sound: number): number => {
    const index = at[sound];
    if (index === undefined) throw new RangeError(`a part names sound ${sound} of ${sounds.length}`);
    return index;
  };
  return parts.map((part): Part => {
    if (part.kind === 'pause') return part;
    if (part.kind === 'relay') return { ...part, fallback: part.fallback.map(indexOf) };
    const spoken = part.language ?? language;
    return { ...part, sound: indexOf(part.sound), ...(spoken === undefined ? {} : { language: spoken }) };
  });
}
