export { ALL_DAY, aTone, EASY_CONFIG, makeAgent, planAt, startController } from './agent-rig.ts';
export { type ControllerFake, createControllerFake, type FakeMessage } from './controller.fake.ts';
