export { type AmplifierRig, describeAmplifier } from './amplifier.conformance.ts';
export { createFakeAmplifier, type FakeAmplifier, type FakeFault } from './amplifier.fake.ts';
