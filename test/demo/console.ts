import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '@loa/kernel';

const WEB = fileURLToPath(new URL('../../controller/web', import.meta.url));
const VITE = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

/** Builds the console, so that the address the demo prints shows it. Takes a few seconds and runs beside everything else. */
export async function buildConsole(): Promise<void> {
  const child = spawn(process.execPath, [VITE, 'build', '--logLevel', 'error'], {
    cwd: WEB,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += String(text);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new AppError(
      `the console could not be built: ${complaint.match(/Error: .*/)?.[0] ?? complaint.trim()}`,
      { code: 'demo/console' },
    );
}
