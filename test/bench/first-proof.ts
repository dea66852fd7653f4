import { fileURLToPath } from 'node:url';
import { AppError } from '@loa/kernel';
import { z } from 'zod';
import { startChild } from '../support/child.ts';
import type { Bench } from './result.ts';

const DEMO = fileURLToPath(new URL('../demo/main.ts', import.meta.url));
const summary = z.object({ ok: z.boolean(), seconds: z.number() });

/** Runs the demo as a newcomer does, and takes its own seconds from its start to three proven sounds. */
export const measureFirstProof: Bench = async ({ say, give }) => {
  say('the demo, once');
  const child = startChild(DEMO, {}, ['--once']);
  const { ok, seconds } = await child.line((line) =>
    line.startsWith('{') ? summary.safeParse(JSON.parse(line)).data : undefined,
  );
  await child.ended;
  if (!ok) throw new AppError(`the demo proved nothing:\n${child.tail()}`, { code: 'test/demo' });
  give({ case: 'first proven sound', value: seconds, unit: 's', target: 60 });
};
