import { describe, expect, it } from 'vitest';
import { silentLogger } from './logger.ts';
import { memoryLogger } from './memory-logger.ts';

describe('the memory logger', () => {
  it('keeps every line with its level and fields', () => {
    const log = memoryLogger();
    log.error({ code: 'x' }, 'one');
    log.warn({}, 'two');
    log.info({ lateMs: 3 }, 'three');
    log.debug({}, 'four');
    expect(log.lines).toEqual([
      { level: 'error', fields: { code: 'x' }, message: 'one' },
      { level: 'warn', fields: {}, message: 'two' },
      { level: 'info', fields: { lateMs: 3 }, message: 'three' },
      { level: 'debug', fields: {}, message: 'four' },
    ]);
  });

  it('gives the fields of a child to each of its lines, in the list of its parent', () => {
    const log = memoryLogger();
    log.child({ part: 'player' }).child({ clusterId: 'c1' }).warn({ lateMs: 3 }, 'late');
    log.info({}, 'own');
    expect(log.lines).toEqual([
      { level: 'warn', fields: { part: 'player', clusterId: 'c1', lateMs: 3 }, message: 'late' },
      { level: 'info', fields: {}, message: 'own' },
    ]);
  });

  it('lets a line override a field of its child', () => {
    const log = memoryLogger();
    log.child({ part: 'player' }).warn({ part: 'sink' }, 'gone');
    expect(log.lines[0]?.fields).toEqual({ part: 'sink' });
  });
});

it('the silent logger has silent children', () => {
  expect(silentLogger.child({ part: 'player' })).toBe(silentLogger);
  expect(() => silentLogger.error({}, 'lost')).not.toThrow();
});
