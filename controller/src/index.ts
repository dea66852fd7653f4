export { type Addresses, type Controller, createController, type Deps } from './compose.ts';
export { type Config, readConfig } from './config.ts';
export type { AppType } from './http/api.ts';
