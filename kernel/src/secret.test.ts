import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is revealed only when asked', () => {
    expect(secret.reveal()).toBe('hunter2');
    expect(new Secret({ key: 7 }).reveal()).toEqual({ key: 7 });
  });

  it.for([
    ['JSON', () => JSON.stringify({ secret })],
    ['a template', () => `${secret}`],
    ['a sum of strings', () => 'is ' + secret],
    ['inspect', () => inspect({ deep: { secret } }, { showHidden: true, depth: 9 })],
    ['inspect without custom forms', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['its own keys', () => JSON.stringify([Reflect.ownKeys(secret), Object.entries(secret), { ...secret }])],
    ['a structured clone', () => inspect(structuredClone(secret))],
    ['the message and stack of an error', () => inspect(new Error(`no: ${secret}`, { cause: secret }))],
  ] as const)('does not show itself in %s', ([, print]) => {
    expect(print()).not.toContain('hunter2');
  });

  it('says that it is one', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
    ]);
  });
});
