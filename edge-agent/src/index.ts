export { type Agent, type AgentDeps, createAgent } from './compose.ts';
export { type AgentConfig, readAgentConfig } from './config.ts';
