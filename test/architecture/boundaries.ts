import { basename, dirname, join } from 'node:path/posix';
import { DUMPING_GROUNDS, FILE_SUFFIXES, IMPORT_TABLE, PACKAGE_DOORS } from './import-table.ts';
import { bareCode, type Import, importsOf } from './imports.ts';

/** A workspace as its package.json declares it. */
export interface Workspace {
  /** Folder from the root: `controller/web`. */
  readonly folder: string;
  readonly name: string;
  /** Keys of `exports`: `.`, `./testing`. */
  readonly doors: readonly string[];
  /** Names of all dependencies, development ones too. */
  readonly dependencies: readonly string[];
}

/** A source file by its path from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const MAY_TOUCH_PROCESS =
  /(^|\/)main\.tsx?$|-(child|worker)\.ts$|\/src\/cli\/|\.test\.tsx?$|\.config\.ts$|^test\//;
const MAY_PRINT = /(^|\/)main\.tsx?$|\/src\/cli\/|^test\/(demo|bench)\//;

/** Returns the workspace that a path belongs to: the deepest one that holds it. */
export function ownerOf(path: string, workspaces: readonly Workspace[]): Workspace | undefined {
  return workspaces
    .filter(({ folder }) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Returns one sentence for each rule that a source file breaks. */
export function checkFile({ path, text }: SourceFile, workspaces: readonly Workspace[]): readonly string[] {
  const owner = ownerOf(path, workspaces);
  const problems = [...checkName(path), ...checkGlobals(path, text)];
  if (owner)
    for (const found of importsOf(text)) problems.push(...checkImport(path, found, owner, workspaces));
  return problems.map((problem) => `${path}: ${problem}`);
}

/** Returns one sentence for each workspace dependency that the import table does not allow. */
export function checkManifest(
  { folder, dependencies }: Workspace,
  workspaces: readonly Workspace[],
): readonly string[] {
  const rule = IMPORT_TABLE[folder];
  if (!rule) return [`${folder}: give the workspace a row in test/architecture/import-table.ts.`];
  return workspaces
    .filter(({ name, folder: other }) => dependencies.includes(name) && !rule.may.includes(other))
    .map(({ name }) => `${folder}/package.json: depends on ${name}; ${rule.instead}`);
}

function checkName(path: string): readonly string[] {
  const [stem = '', ...suffixes] = basename(path)
    .replace(/(\.d)?\.tsx?$/, '')
    .split('.');
  const problems: string[] = [];
  if (DUMPING_GROUNDS.test(stem))
    problems.push(`"${stem}" says nothing: name the file by its topic (crc16.ts, topic-path.ts).`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) problems.push('write file names in kebab-case: play-rules.ts.');
  for (const suffix of suffixes)
    if (!FILE_SUFFIXES.includes(suffix))
      problems.push(
        `".${suffix}" is no known role: use one of ${FILE_SUFFIXES.join(', ')}, or a dash instead of the dot.`,
      );
  return problems;
}

function checkGlobals(path: string, text: string): readonly string[] {
  const code = bareCode(text);
  const imports = importsOf(text).some(({ specifier }) => /^(node:)?process$/.test(specifier));
  const problems: string[] = [];
  if (
    !MAY_TOUCH_PROCESS.test(path) &&
    (imports || /\bprocess\s*\.\s*(env|exit|exitCode|on|once)\b/.test(code))
  )
    problems.push(
      'only main.ts, *-child.ts, *-worker.ts and src/cli touch the process: take configuration or a callback.',
    );
  if (!MAY_PRINT.test(path) && /\bconsole\s*\./.test(code))
    problems.push('only main.ts, src/cli and the demo print: take a Logger from kernel.');
  return problems;
}

function checkImport(
  path: string,
  { specifier, typeOnly }: Import,
  owner: Workspace,
  workspaces: readonly Workspace[],
): readonly string[] {
  const rule = IMPORT_TABLE[owner.folder];
  if (!rule) return []; // checkManifest asks for the row
  if (specifier.startsWith('.')) {
    const target = join(dirname(path), specifier);
    return ownerOf(target, workspaces) === owner
      ? []
      : [
          `"${specifier}" leaves ${owner.folder}: import the other workspace by its name, through a door of its package.json.`,
        ];
  }
  const other = workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (other) return checkCrossing(specifier, typeOnly, owner, other);
  const isTest = path.includes('.test.');
  if (rule.packages && !isTest && !rule.packages.some((allowed) => allowed.test(specifier)))
    return [`imports "${specifier}"; ${rule.instead}`];
  return PACKAGE_DOORS.filter(
    ({ name, files }) =>
      name.test(specifier) && !files.test(path) && !files.test(path.replace('.test.', '.')),
  ).map(({ instead }) => `imports "${specifier}"; ${instead}`);
}

function checkCrossing(
  specifier: string,
  typeOnly: boolean,
  owner: Workspace,
  other: Workspace,
): readonly string[] {
  const rule = IMPORT_TABLE[owner.folder];
  if (other === owner)
    return [`"${specifier}" is this very workspace: import the file by its relative path.`];
  if (!rule?.may.includes(other.folder)) return [`imports "${specifier}"; ${rule?.instead}`];
  if (rule.typesOnly && !typeOnly) return [`imports values from "${specifier}"; ${rule.instead}`];
  const door = specifier === other.name ? '.' : `.${specifier.slice(other.name.length)}`;
  return other.doors.includes(door)
    ? []
    : [
        `"${specifier}" is no door of ${other.folder}: it offers ${other.doors.join(', ')}; export what you need there.`,
      ];
}
