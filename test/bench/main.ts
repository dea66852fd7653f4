import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { demo } from './demo.bench.ts';
import { type Bench, toLine } from './result.ts';

const BENCHES: Readonly<Record<string, Bench>> = { demo };

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function main(name: string | undefined): Promise<number> {
  const bench = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || !bench) {
    const names = Object.keys(BENCHES).join(', ');
    say(
      `loa bench: ${name === undefined ? 'say which one' : `there is no "${name}"`}: npm run bench -- <${names}>`,
    );
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'loa-bench-'));
  let isMet = true;
  try {
    await bench({
      folder,
      say,
      give(result) {
        isMet &&= result.value <= result.target;
        process.stdout.write(`${toLine(name, result)}\n`);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return isMet ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
process.exit();
