import { SUITES } from './version.ts';

/** Names a signature suite that is not ours, so that it is refused as such and not as a malformed field; else `undefined`. */
export function foreignSuite(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('suite' in payload)) return undefined;
  const { suite } = payload;
  return typeof suite === 'string' && !SUITES.some((known) => known === suite)
    ? `this protocol speaks ${SUITES.join(', ')}, not ${suite.slice(0, 40)}`
    : undefined;
}
