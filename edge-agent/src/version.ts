import manifest from '../package.json' with { type: 'json' };

/** The version of this agent, as it tells the controller. */
export const AGENT_VERSION = manifest.version;
