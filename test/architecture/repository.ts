import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SourceFile, Workspace } from './boundaries.ts';

/** The root folder of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[];
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'data', '.git']);

/** Returns the text of a file by its path from the root. */
export function readText(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** Returns the package.json of a folder, by default the root's. */
export function readManifest(folder = '.'): Manifest {
  return JSON.parse(readText(`${folder}/package.json`));
}

/** Returns every file that matches the glob, installed and generated ones left out, sorted by path. */
export function readFiles(glob: string): readonly SourceFile[] {
  return globSync(glob, { cwd: ROOT, exclude: (name) => NOT_OURS.has(name.split('/').at(-1) ?? '') })
    .sort()
    .map((path) => ({ path, text: readText(path) }));
}

/** Returns the workspaces that the root package.json names. */
export function readWorkspaces(): readonly Workspace[] {
  return (readManifest().workspaces ?? []).map((folder) => {
    const { name, exports = {}, dependencies, devDependencies, optionalDependencies } = readManifest(folder);
    return {
      folder,
      name,
      doors: Object.keys(exports),
      dependencies: Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
    };
  });
}
