import { readdirSync, readFileSync } from 'node:fs';

const RSS_LINE = /^VmRSS:\s+(\d+) kB$/m;

/** What the kernel says of a process: its parent and whether it still runs (a zombie does not). */
function statusOf(pid: number): { readonly parent: number; readonly isRunning: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), isRunning: state !== 'Z' && state !== 'X' };
  } catch {
    return undefined; // it has ended
  }
}

/** Tells whether a process still runs. */
export function isRunning(pid: number): boolean {
  return statusOf(pid)?.isRunning ?? false;
}

/** Returns the pids of a process and of everything below it. */
export function processTree(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const status = /^\d+$/.test(name) ? statusOf(Number(name)) : undefined;
    if (status?.isRunning) parents.set(Number(name), status.parent);
  }
  const tree = parents.has(root) ? [root] : [];
  for (const above of tree) for (const [pid, parent] of parents) if (parent === above) tree.push(pid);
  return tree;
}

/** Returns the pid of the process below `root` that runs `script`. */
export function descendantRunning(root: number, script: string): number | undefined {
  return processTree(root).find((pid) => pid !== root && commandOf(pid).includes(script));
}

/** Returns the resident memory of a process and everything below it, in MB (10^6 bytes). */
export function treeRssMb(root: number): number {
  const kilobytes = processTree(root).map((pid) => {
    try {
      return Number(RSS_LINE.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // it ended meanwhile
    }
  });
  return (kilobytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
