import type { Writable } from 'node:stream';
import type { Clock } from '@loa/kernel';

/** Where the demo tells what it is doing. */
export interface Screen {
  /** Runs one step, showing its name while it works and its duration when it is done. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  say(text: string): void;
}

/** Creates a screen that writes plain lines, so that it reads as well in a terminal as in a log. */
export function createScreen(out: Writable, clock: Clock): Screen {
  const say = (text: string) => void out.write(`${text}\n`);
  return {
    say,
    async step(name, work) {
      say(`… ${name}`);
      const beganMs = clock.monotonicMs();
      const result = await work();
      say(`✓ ${name} (${((clock.monotonicMs() - beganMs) / 1000).toFixed(1)} s)`);
      return result;
    },
  };
}

/** Returns lines of columns as wide as their widest cell. The first row is the head. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...rest] = rows;
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rest.map(line)].join('\n');
}
