import { measureFirstProof } from './first-proof.ts';
import { measurePlanBytes } from './plan-bytes.ts';
import type { Bench } from './result.ts';
import { measureStarts } from './starts.ts';

/** The numbers of the main job: how soon, how exactly, in how much memory and how many bytes. */
export const demo: Bench = async (world) => {
  await measurePlanBytes(world);
  await measureFirstProof(world);
  await measureStarts(world);
};
