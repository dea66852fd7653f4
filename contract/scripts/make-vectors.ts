import { writeFileSync } from 'node:fs';
import { vectorFiles } from './vectors.ts';

for (const [name, text] of await vectorFiles())
  writeFileSync(new URL(`../vectors/${name}`, import.meta.url), text);
