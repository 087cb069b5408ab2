// For users: start a router with a config, as wamp-router does.

export { type LoadedConfig, loadConfig, type ReadConfigOptions, readConfig } from './config/load-config.js';
export type { ConfigInput, RouterConfig } from './config/schema.js';
export { type RunningRouter, type StartOptions, startRouterApp } from './start-router-app.js';

// For embedders: parts of the app.

export { httpEndpoints } from './http-endpoints.js';
export { createLog, type Log } from './log.js';
export { type LoggedEvents, logRouterEvents } from './log-router-events.js';
