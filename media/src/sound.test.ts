import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the light door loads neither ffmpeg, fluent-ffmpeg, music-metadata, speech nor anything that starts a process', async () => {
  const listLoaded = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(new URL('./sound.ts', import.meta.url).href)});
    process.stdout.write(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', listLoaded]);
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded.some((url) => url.includes('/ogg-opus-decoder/'))).toBe(true);
  expect(loaded.filter((url) => /ffmpeg|music-metadata|speech|node:child_process/.test(url))).toEqual([]);
});
