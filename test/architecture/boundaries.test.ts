import { describe, expect, it } from 'vitest';
import { checkFile, checkManifest, ownerOf, type Workspace } from './boundaries.ts';
import { IMPORT_TABLE } from './import-table.ts';
import { readFiles, readWorkspaces } from './repository.ts';

const workspaces = readWorkspaces();
const sources = readFiles('**/*.{ts,tsx}');
const lineCount = (text: string) => text.trimEnd().split('\n').length;

describe('the house keeps its walls', () => {
  it('every workspace has a row in the import table, and depends on no workspace beyond it', () => {
    expect(Object.keys(IMPORT_TABLE).sort()).toEqual(workspaces.map(({ folder }) => folder).sort());
    expect(workspaces.flatMap((workspace) => checkManifest(workspace, workspaces))).toEqual([]);
  });

  it('every source file keeps the import table, the doors, and the rules of names and globals', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(sources.flatMap((file) => checkFile(file, workspaces))).toEqual([]);
  });

  it('kernel is at most 600 lines without its tests', () => {
    const kernel = sources.filter(({ path }) => path.startsWith('kernel/') && !path.includes('.test.'));
    expect(kernel.reduce((sum, { text }) => sum + lineCount(text), 0)).toBeLessThanOrEqual(600);
  });

  it('every workspace with code has a README of at most 40 lines, and the root one at most 150', () => {
    const readmes = new Map(readFiles('**/README.md').map(({ path, text }) => [path, lineCount(text)]));
    const withCode = sources
      .filter(({ text }) => text.trim() !== 'export {};')
      .map(({ path }) => ownerOf(path, workspaces));
    const missing = new Set(withCode.flatMap((owner) => (owner ? [`${owner.folder}/README.md`] : [])));
    expect([...missing].filter((path) => !readmes.has(path))).toEqual([]);
    expect([...readmes].filter(([path, lines]) => lines > (path === 'README.md' ? 150 : 40))).toEqual([]);
  });
});

/** Files that break one rule each, and a word of the sentence that must stop them. */
const planted = [
  ['kernel/src/a.ts', "import { x } from '@loa/contract';", 'kernel imports nothing'],
  ['kernel/src/a.ts', "import { z } from 'zod';", 'kernel imports nothing'],
  ['schedules/src/a.ts', "import { readFile } from 'node:fs';", 'schedules is pure'],
  ['contract/src/a.ts', "import '@loa/media';", 'crosses the wire'],
  ['media/src/a.ts', "export { x } from '@loa/contract';", 'media knows sounds'],
  ['media/src/a.ts', "import {\n  x,\n} from '@loa/contract';", 'media knows sounds'],
  ['firmware-bridge/src/a.ts', "import '@loa/schedules';", 'relays, volume and faults'],
  ['edge-agent/src/a.ts', "import type { X } from '@loa/controller';", 'only on the wire'],
  ['controller/src/a.ts', "await import('@loa/edge-agent');", 'only on the wire'],
  ['controller/src/a.ts', "import { x } from '@loa/test';", 'only on the wire'],
  ['controller/web/src/a.tsx', "import { x } from '@loa/contract';", 'write `import type`'],
  ['controller/src/a.ts', "import { x } from '@loa/kernel/src/ids.ts';", 'is no door of kernel'],
  ['controller/src/a.ts', "import { x } from '../web/src/a.ts';", 'leaves controller'],
  ['media/src/a.ts', "import { x } from '@loa/media';", 'is this very workspace'],
  ['controller/src/areas/area.service.ts', "import { sql } from 'kysely';", 'belongs in a .store.ts'],
  ['controller/src/areas/area.service.ts', "import { Hono } from 'hono';", 'belongs in a .routes.ts'],
  ['edge-agent/src/playout/a.ts', "import mqtt from 'mqtt';", 'belongs in a .gateway.ts'],
  ['controller/src/mqtt/a.ts', "import { Aedes } from 'aedes';", 'a separate process'],
  ['edge-agent/src/link/a.ts', 'const { HOME } = process.env;', 'touch the process'],
  ['edge-agent/src/link/a.ts', "import { env } from 'node:process';", 'touch the process'],
  ['edge-agent/src/link/a.ts', "console.log('here');", 'take a Logger'],
  ['controller/src/areas/area.manager.ts', '', 'is no known role'],
  ['media/src/utils.ts', '', 'says nothing'],
  ['media/src/waveForm.ts', '', 'kebab-case'],
] as const;

describe('the checker', () => {
  it.each(planted)('stops %s: %s', (path, text, message) => {
    expect(checkFile({ path, text }, workspaces)).toEqual([expect.stringContaining(message)]);
  });

  it('stops a package.json that reaches beyond the table, and a workspace without a row', () => {
    const kernel: Workspace = {
      folder: 'kernel',
      name: '@loa/kernel',
      doors: ['.'],
      dependencies: ['@loa/media'],
    };
    expect(checkManifest(kernel, workspaces)).toEqual([expect.stringContaining('depends on @loa/media')]);
    expect(checkManifest({ ...kernel, folder: 'extra' }, workspaces)).toEqual([
      expect.stringContaining('a row in'),
    ]);
  });

  it('lets through what the table allows, and words in comments and strings', () => {
    const allowed = [
      [
        'controller/web/src/app.tsx',
        "import type { Topic } from '@loa/contract';\nimport { hc } from 'hono/client';",
      ],
      ['controller/src/areas/area.store.test.ts', "import { sql } from 'kysely';"],
      ['schedules/src/plan.test.ts', "import { readFileSync } from 'node:fs';"],
      [
        'edge-agent/src/main.ts',
        "import { x } from '@loa/media/sound';\nconsole.error(process.env['LOA_X']);",
      ],
      [
        'media/src/why.ts',
        "// console.log, import('@loa/test')\n/* process.exit */ const why = 'process.env, console.log';",
      ],
    ] as const;
    expect(allowed.flatMap(([path, text]) => checkFile({ path, text }, workspaces))).toEqual([]);
  });
});
