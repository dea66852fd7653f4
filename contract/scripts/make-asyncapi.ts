import { writeFileSync } from 'node:fs';
import { asyncapiText } from './asyncapi.ts';

writeFileSync(new URL('../../docs/asyncapi.json', import.meta.url), asyncapiText());
