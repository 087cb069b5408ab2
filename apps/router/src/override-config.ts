import { ConfigError } from '@wampkit/protocol';
import { type LoadedConfig, readConfig } from './config/load-config.js';
import type { ConfigInput, RouterConfig } from './config/schema.js';

/** The flags of `wamp-router start`. */
export interface StartFlags {
  readonly config?: string;
  readonly listen?: string;
  readonly realm?: string;
  readonly logLevel?: string;
  readonly logFormat?: string;
}

/**
 * Applies the flags of the command line to a config: they win. `--listen` moves the one listener and keeps the rest of
 * its settings; `--realm` names the open realm that is served without a config file, so that no flag can open a realm
 * that a file has closed.
 *
 * @throws {ConfigError} names the flag, and what is wrong
 */
export function overrideConfig(loaded: LoadedConfig, flags: StartFlags): LoadedConfig {
  const { config, file } = loaded;
  if (file !== null && flags.realm !== undefined) {
    throw new ConfigError('--realm: the config names its realms; change it there');
  }
  if (flags.listen !== undefined && config.listeners.length !== 1) {
    throw new ConfigError(`--listen: the config has ${config.listeners.length} listeners; change it there`);
  }
  // The flags are read by the schema as if they stood in a file, for the same checks and the same words.
  const read = readFlags(flags);
  const listeners: RouterConfig['listeners'] =
    flags.listen === undefined
      ? config.listeners
      : [{ ...config.listeners[0]!, bind: read.listeners[0]!.bind }];
  return {
    ...loaded,
    config: {
      ...config,
      listeners,
      realms: flags.realm === undefined ? config.realms : read.realms,
      log: {
        level: flags.logLevel === undefined ? config.log.level : read.log.level,
        format: flags.logFormat === undefined ? config.log.format : read.log.format,
      },
    },
  };
}

const flagsOfPaths: readonly (readonly [string, string])[] = [
  ['listeners[0].bind', '--listen'],
  ['realms[0].name', '--realm'],
  ['log.level', '--log-level'],
  ['log.format', '--log-format'],
];

function readFlags({ listen, realm, logLevel, logFormat }: StartFlags): RouterConfig {
  const input = {
    ...(listen === undefined ? {} : { listeners: [{ bind: listen }] }),
    ...(realm === undefined ? {} : { realms: [{ name: realm }] }),
    log: {
      ...(logLevel === undefined ? {} : { level: logLevel }),
      ...(logFormat === undefined ? {} : { format: logFormat }),
    },
  };
  try {
    return readConfig(input as ConfigInput).config;
  } catch (error) {
    throw nameFlags(error as Error);
  }
}

function nameFlags({ message }: Error): ConfigError {
  let text = message;
  for (const [path, flag] of flagsOfPaths) text = text.replaceAll(`${path}: `, `${flag}: `);
  return new ConfigError(text);
}
