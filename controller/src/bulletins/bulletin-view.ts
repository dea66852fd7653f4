import type { Part } from '@loa/contract';
import type { Db } from '../db/database.ts';
import { toVariant } from '../series/active-series.service.ts';
import { createSoundStore } from '../sounds/sound.store.ts';
import { type SoundFacts, toSoundFacts } from '../sounds/sounds.service.ts';
import { type BulletinRow, createBulletinStore } from './bulletin.store.ts';
import type { BulletinContent, Segment } from './bulletin-content.schema.ts';
import { type SpokenWords, spokenWords } from './spoken-words.ts';

/** What a list shows of a bulletin. */
export interface BulletinSummary {
  readonly id: string;
  readonly areaId: string;
  readonly title: string;
  readonly class: BulletinRow['class'];
  readonly version: number;
  readonly state: BulletinRow['state'];
  readonly languages: readonly string[];
  /** It rests on a procedure record that the commune has not verified. */
  readonly unverified: boolean;
  readonly procedure: { readonly id: string; readonly version: number } | null;
  readonly authorId: string;
  /** Why the last rendering failed. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** A bulletin with its text, the words that are spoken, and what can be heard of this version. */
export interface Bulletin extends BulletinSummary {
  readonly variants: ReadonlyArray<{
    readonly language: string;
    readonly segments: ReadonlyArray<Segment & { readonly said?: SpokenWords }>;
  }>;
  readonly rendered: ReadonlyArray<{
    readonly language: string;
    readonly durationMs: number;
    readonly spokenText: string;
    readonly parts: readonly Part[];
    readonly sounds: readonly SoundFacts[];
  }>;
}

/** Returns a row as lists show it. */
export function toSummary(row: BulletinRow): BulletinSummary {
  const { variants, unverified } = contentOf(row);
  return {
    id: row.id,
    areaId: row.area_id,
    title: row.title,
    class: row.class,
    version: row.version,
    state: row.state,
    languages: variants.map(({ language }) => language),
    unverified,
    procedure:
      row.procedure_id === null ? null : { id: row.procedure_id, version: row.procedure_version ?? 0 },
    authorId: row.author_id,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as BulletinSummary['failure']),
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

/** Returns a row with everything that belongs to its version. */
export async function toBulletin(db: Db, row: BulletinRow): Promise<Bulletin> {
  const sounds = createSoundStore(db);
  const rendered = [];
  for (const variant of await createBulletinStore(db).variants(row.id, row.version)) {
    const { language, parts, sounds: refs, durationMs } = toVariant(variant);
    const rows = await Promise.all(refs.map(({ sha256 }) => sounds.find(sha256)));
    const facts = rows.flatMap((sound) => (sound ? [toSoundFacts(sound)] : []));
    rendered.push({ language, durationMs, spokenText: variant.spoken_text, parts, sounds: facts });
  }
  const variants = contentOf(row).variants.map(({ language, segments }) => ({
    language,
    segments: segments.map((segment) =>
      segment.kind === 'speech' ? { ...segment, said: spokenWords(segment, language) } : segment,
    ),
  }));
  return { ...toSummary(row), variants, rendered };
}

const contentOf = (row: BulletinRow) => JSON.parse(row.content) as BulletinContent;
