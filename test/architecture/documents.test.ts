import { readFileSync, statSync } from 'node:fs';
import { ACT_KINDS, STATE_KINDS } from '@loa/contract';
import { BROADCAST_CLASSES, CLOCK_STATES, EVIDENCE, RESULTS } from '@loa/schedules';
import { describe, expect, it } from 'vitest';
import { checkDocument, type Surroundings } from './documents.ts';
import { FILE_SUFFIXES } from './import-table.ts';
import { ROOT, readFiles, readManifest, readText } from './repository.ts';

const repository: Surroundings = {
  read(path) {
    const stat = statSync(`${ROOT}${path}`, { throwIfNoEntry: false });
    return stat?.isFile() ? readFileSync(`${ROOT}${path}`, 'utf8') : stat && '';
  },
  scripts: Object.keys(readManifest().scripts ?? {}),
};

describe('the documents', () => {
  it('link to what exists, name scripts and files that exist, and say nothing that goes stale', () => {
    const documents = readFiles('**/*.md');
    expect(documents.map(({ path }) => path)).toContain('CONTRIBUTING.md');
    expect(documents.flatMap((document) => checkDocument(document, repository))).toEqual([]);
  });

  it('explain every role that a file name may announce', () => {
    const explained = [...readText('CONTRIBUTING.md').matchAll(/^\| `\.(\w+)` \|/gm)].map(
      ([, suffix]) => suffix,
    );
    expect(explained).toEqual(FILE_SUFFIXES);
  });

  it('have each closed word of the wire and the rules in the glossary', () => {
    const words = [STATE_KINDS, ACT_KINDS, BROADCAST_CLASSES, RESULTS, EVIDENCE, CLOCK_STATES].flat();
    const glossary = readText('docs/glossary.md');
    expect(words.filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(glossary))).toEqual([]);
  });
});

const pages: Readonly<Record<string, string>> = {
  docs: '',
  'docs/time.md': '# Time\n\n## Which clock? Ours',
};
const around: Surroundings = { read: (path) => pages[path], scripts: ['check'] };

describe('the document checker', () => {
  it.each([
    ['docs/a.md', 'See [b](b.md).', 'links to b.md, which does not exist'],
    ['docs/a.md', 'See [time](time.md#whose-clock).', 'has no such heading'],
    ['docs/a.md', '```sh\nnpm run nothing\n```', 'names "npm run nothing"'],
    ['docs/a.md', 'Open `/home/an/loa/README.md`.', 'a place on one machine'],
    ['docs/a.md', 'It is in `kernel/src/nothing.ts`.', 'names `kernel/src/nothing.ts`, which does not exist'],
    ['README.md', 'It needs zod v4.6.7.', 'says "v4.6.7"'],
    ['README.md', 'It needs Node 26.10.', 'says "Node 26.10"'],
    ['README.md', 'It needs Node 20.1.', 'says "Node 20.1"'],
    ['kernel/README.md', 'Made for 1.2.3.', 'says "1.2.3"'],
  ])('stops %s: %s', (path, text, message) => {
    expect(checkDocument({ path, text }, around)).toEqual([expect.stringContaining(message)]);
  });

  it('lets through what is true and stays true', () => {
    const text = [
      'Node 20 or newer; MQTT 3.1.1; it listens on 127.0.0.1 under `/var/lib/loa`.',
      'See [the clock](docs/time.md#which-clock-ours), [a site](https://nodejs.org/x.y.z) and [below](#below).',
      '## Below',
      'Run `npm run check`, then `npm run -s check`, `npm run dev -w controller/web`. A feature is `controller/src/<feature>/x.service.ts`.',
    ].join('\n');
    const read = (path: string) => (path === 'README.md' ? text : pages[path]);
    expect(checkDocument({ path: 'README.md', text }, { ...around, read })).toEqual([]);
  });

  it('lets a decision record name what was there on its day', () => {
    const text = 'Then in `kernel/src/nothing.ts`, on Node 26.10.';
    expect(checkDocument({ path: 'docs/decisions/0001-x.md', text }, around)).toEqual([]);
  });
});
