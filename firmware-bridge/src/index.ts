export {
  createFakeAmplifier,
  type FakeAmplifier,
  type FakeFault,
  type FakeReadings,
} from './amplifier.fake.ts';
export type { Amplifier, Wait } from './amplifier.ts';
export { type AmplifierState, amplifierStateSchema, MAX_LEASE_MS } from './amplifier-state.schema.ts';
export { AmplifierError, type AmplifierErrorCode } from './errors.ts';
export type { PowerChange } from './fake-relay.ts';
export { createPowerKeeper } from './power-keeper.ts';
export type { PowerKeeper, PowerLease, PowerState } from './power-lease.ts';
