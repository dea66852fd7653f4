// npm ci refuses a lockfile in which an optional platform package of a dependency has no entry, and npm writes none for a package that
// the registry at hand does not carry. This adds those entries, by name, version and platform, so that the lockfile is whole everywhere:
//   rm -rf node_modules package-lock.json && npm install && node scripts/complete-lockfile.ts && npm ci
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FILE = new URL('../package-lock.json', import.meta.url);
const OS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, Entry> };
const wordsOf = (name: string) => name.split(/[/-]/);
let added = 0;
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  if (!path.includes('node_modules/')) continue; // ours are resolved by npm itself
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const words = wordsOf(name);
    const os = OS.filter((word) => words.includes(word));
    const cpu = CPU.filter((word) => words.includes(word));
    const known = `node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages;
    if (known || !/^\d/.test(version) || os.length + cpu.length === 0) continue;
    const libc = words.some((word) => word.startsWith('musl')) ? { libc: ['musl'] } : {};
    lock.packages[`node_modules/${name}`] = Object.assign(
      { version, optional: true },
      dev ? { dev } : {},
      os.length > 0 ? { os } : {},
      cpu.length > 0 ? { cpu } : {},
      libc,
    );
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} platform entries added\n`);
