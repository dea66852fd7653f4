export { type FakeClock, fakeClock } from './fake-clock.ts';
export { countingId } from './ids.ts';
export { type LogLine, type MemoryLogger, memoryLogger } from './memory-logger.ts';
