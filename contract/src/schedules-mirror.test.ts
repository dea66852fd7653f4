import type { PlayRules, Policy } from '@loa/schedules';
import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { playRules } from './play-rules.ts';
import type { PolicyBody } from './states.ts';

// Held by the compiler: what crosses the wire goes into the pure rules as it is, and comes out of them again.
describe('the words of schedules', () => {
  it('cross the wire unchanged: play rules', () => {
    expectTypeOf<z.output<typeof playRules>>().toExtend<PlayRules>();
    expectTypeOf<PlayRules>().toExtend<z.input<typeof playRules>>();
  });

  it('cross the wire unchanged: the policy', () => {
    expectTypeOf<PolicyBody>().toExtend<Policy>();
  });
});
