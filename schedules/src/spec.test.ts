import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const spec = readFileSync(new URL('../../docs/spec/scheduling.md', import.meta.url), 'utf8');
const rules = [...spec.matchAll(/^- \*\*(S-\d+)\*\*/gm)].map(([, rule]) => rule);
const tests = globSync('**/*.test.ts', { cwd: here }).map((path) => readFileSync(`${here}${path}`, 'utf8'));
const tested = new Set(
  tests.flatMap((text) =>
    [...text.matchAll(/(?:describe|it)(?:\.each\([^)]*\))?\('(S-\d+) /g)].map(([, rule]) => rule),
  ),
);

describe('docs/spec/scheduling.md and the tests', () => {
  it('each written rule has a test that carries its number', () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  it('each number on a test is a written rule, and no rule is written twice', () => {
    expect([...tested].filter((rule) => !rules.includes(rule))).toEqual([]);
    expect(new Set(rules).size).toBe(rules.length);
  });
});
