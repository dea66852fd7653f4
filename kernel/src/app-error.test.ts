import { describe, expect, it } from 'vitest';
import { AppError, assertNever, errorCode } from './app-error.ts';

class PumpError extends AppError<'pump/dry' | 'pump/hot'> {}

describe('an AppError', () => {
  it('carries a sentence, a code, facts and its cause', () => {
    const cause = new Error('EIO');
    const error = new PumpError('the pump is dry: fill it', {
      code: 'pump/dry',
      retryable: true,
      cause,
      details: { litres: 0 },
    });
    expect(error).toMatchObject({
      name: 'PumpError',
      message: 'the pump is dry: fill it',
      code: 'pump/dry',
      retryable: true,
      details: { litres: 0 },
    });
    expect(error.cause).toBe(cause);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toBeInstanceOf(Error);
  });

  it('is not worth a retry, and has no facts and no cause, unless told', () => {
    const error = new AppError('no', { code: 'pump/hot' });
    expect([error.retryable, error.details]).toEqual([false, {}]);
    expect('cause' in error).toBe(false);
  });
});

describe('errorCode', () => {
  it.for([
    ['an AppError', new AppError('no', { code: 'pump/hot' }), 'pump/hot'],
    ['a system error', Object.assign(new Error('in use'), { code: 'EADDRINUSE' }), 'EADDRINUSE'],
    ['a DOMException, whose code is a number', new DOMException('stop', 'AbortError'), undefined],
    ['an error without a code', new Error('no'), undefined],
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    ['a string', 'EADDRINUSE', undefined],
  ] as const)('of %s', ([, error, code]) => {
    expect(errorCode(error)).toBe(code);
  });
});

it('assertNever names the case that was forgotten', () => {
  expect(() => assertNever({ kind: 'new' } as never)).toThrow('unexpected case: {"kind":"new"}');
});
