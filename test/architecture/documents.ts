import { dirname, join } from 'node:path/posix';
import type { SourceFile } from './boundaries.ts';

/** What a document may refer to. */
export interface Surroundings {
  /** Returns the text of a file, `''` for a folder, `undefined` when there is neither. Paths are from the root. */
  read(path: string): string | undefined;
  /** Names of the scripts in the root package.json. */
  readonly scripts: readonly string[];
}

const OUR_FOLDERS =
  /^(kernel|schedules|contract|media|firmware-bridge|edge-agent|controller|test|docs|deploy|scripts|\.ci)\//;
const ROOT_SCRIPT = /\bnpm run (?:-s |--silent )?([\w:.-]*\w)(?![\w:.-]*\s+(?:-w|--workspace)\b)/g;
const MACHINE_PATH = /(?<![\w./-])\/(?:home|root|work|Users|tmp|mnt)\/[^\s`)]*/g;
const VERSION = /(?<!MQTT )(?<![\d.])v?\d+\.\d+\.\d+(?!\.?\d)|\bNode(?:\.js)? (?!20\b(?!\.\d))\d+(?:\.\d+)*/g;
const CODE = /`([^`\s<>*…{}]+)`/g;

/** Returns one sentence for each thing in a Markdown file that is not, or will not stay, true. */
export function checkDocument({ path, text }: SourceFile, around: Surroundings): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const isRecord = path.startsWith('docs/decisions/'); // tells what was so on its day
  const isFrontPage = !isRecord && /(^|\/)(README|CONTRIBUTING)\.md$/.test(path);
  const scripts = found(text, ROOT_SCRIPT).filter((script) => !around.scripts.includes(script));
  const versions = isFrontPage ? found(prose, VERSION) : [];
  const files = isRecord ? [] : found(prose, CODE).filter((name) => OUR_FOLDERS.test(name));
  return [
    ...checkLinks(path, prose, around),
    ...scripts.map((script) => `names "npm run ${script}", which the root package.json does not have.`),
    ...found(text, MACHINE_PATH).map(
      (place) => `names ${place}, a place on one machine: write it from the root.`,
    ),
    ...versions.map(
      (version) => `says "${version}", which will go stale: link the package.json that holds it.`,
    ),
    ...files
      .filter((file) => around.read(file.replace(/\/$/, '')) === undefined)
      .map((file) => `names \`${file}\`, which does not exist.`),
  ].map((problem) => `${path}: ${problem}`);
}

function checkLinks(path: string, prose: string, around: Surroundings): readonly string[] {
  const links = found(prose, /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g).filter(
    (link) => !/^[a-z][a-z+.-]*:/.test(link),
  );
  return links.flatMap((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), decodeURI(file)).replace(/\/$/, '');
    const text = around.read(target);
    if (text === undefined) return [`links to ${link}, which does not exist.`];
    if (anchor === undefined || !target.endsWith('.md') || anchorsOf(text).includes(anchor)) return [];
    return [`links to ${link}, but that page has no such heading.`];
  });
}

/** Returns the anchors that a page's headings get when it is shown on the web. */
function anchorsOf(text: string): readonly string[] {
  return found(text, /^#{1,6} (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** Returns the first group, or else the whole, of each match. */
function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
}
