import { readFileSync } from 'node:fs';
import { parseEnvFile } from '@loa/kernel';
import { describe, expect, it } from 'vitest';
import { agentEnv, readAgentConfig } from './config.ts';

const example = readFileSync(new URL('../config.example.env', import.meta.url), 'utf8');
const URL_ONLY = { LOA_AGENT_CONTROLLER_URL: 'http://127.0.0.1:1' };

describe('the configuration of the agent', () => {
  it('has a line in the example for every key, and no other line', () => {
    const keys = [...example.matchAll(/^#? ?(LOA_[A-Z_]+)=/gm)].map(([, key]) => key);
    expect(keys).toEqual(Object.keys(agentEnv.shape));
  });

  it('shows its defaults in the example', () => {
    const written = parseEnvFile(example);
    const defaults = agentEnv.parse(URL_ONLY);
    expect(written).toEqual({ ...defaults, LOA_AGENT_CONTROLLER_URL: written['LOA_AGENT_CONTROLLER_URL'] });
  });

  it('names every bad key in one sentence each', () => {
    const read = () =>
      readAgentConfig({
        env: { LOA_AGENT_CONTROLLER_URL: 'ftp://x', LOA_AGENT_SINK: 'radio', LOA_AGENT_TYPO: '1' },
      });
    expect(read).toThrow(/LOA_AGENT_CONTROLLER_URL: wanted http.*LOA_AGENT_SINK:.*LOA_AGENT_TYPO|TYPO/s);
  });

  it('leaves the keys of other programs alone', () => {
    expect(() => readAgentConfig({ env: { ...URL_ONLY, LOA_FFMPEG: '/usr/bin/ffmpeg' } })).not.toThrow();
  });

  it('never prints the claim code', () => {
    const config = readAgentConfig({ env: { ...URL_ONLY, LOA_AGENT_CLAIM_CODE: 'abcd-efgh-jkmn-pqrs' } });
    expect(JSON.stringify(config)).not.toContain('abcd');
    expect(config.claim.code?.reveal()).toBe('abcd-efgh-jkmn-pqrs');
  });
});
