import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const EXAMPLE = readFileSync(new URL('../config.example.env', import.meta.url), 'utf8');
const SOURCE = readFileSync(new URL('./config.ts', import.meta.url), 'utf8');

describe('config.example.env', () => {
  it('names every key of the schema, and no other', () => {
    const inExample = [...EXAMPLE.matchAll(/^(?:# )?(LOA_[A-Z_]+)=/gm)].map(([, key]) => key);
    const inSchema = [...SOURCE.matchAll(/^ {2}(LOA_[A-Z_]+):/gm)].map(([, key]) => key);
    expect(inSchema.length).toBeGreaterThan(15);
    expect([...inExample].sort()).toEqual([...inSchema].sort());
  });

  it('shows the defaults', () => {
    expect(readConfig({}, EXAMPLE)).toEqual(readConfig({}));
  });

  it('is accepted with every line switched on', () => {
    const all = EXAMPLE.replace(/^# (LOA_)/gm, '$1').replace('LOA_BROKER=embedded', 'LOA_BROKER=external');
    expect(readConfig({}, all).broker).toMatchObject({ kind: 'external', username: 'controller' });
  });
});

describe('the configuration', () => {
  it('listens on this machine only unless told otherwise', () => {
    const { http, broker } = readConfig({});
    expect(http.host).toBe('127.0.0.1');
    expect(broker).toMatchObject({ kind: 'embedded', host: '127.0.0.1' });
  });

  it('lists every bad key with where it was set', () => {
    const read = () => readConfig({ LOA_HTTP_PORT: '70000', LOA_TYPO: '1' }, 'LOA_BROKER=external\n');
    expect(read).toThrow(/LOA_HTTP_PORT.*the environment[\s\S]*LOA_TYPO|LOA_TYPO[\s\S]*LOA_HTTP_PORT/);
  });

  it('leaves keys of the agent on the same machine alone', () => {
    expect(() => readConfig({ LOA_AGENT_CLAIM_CODE: 'x' })).not.toThrow();
  });
});
