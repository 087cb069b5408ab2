import { ConfigError } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { parseConfig, readConfig } from './config/load-config.js';
import { overrideConfig } from './override-config.js';

const file = (text: string) => parseConfig(text, { file: 'router.yaml' });

test('start: flags without a config', () => {
  const { config } = overrideConfig(readConfig({}), {
    listen: '[::1]:9000',
    realm: 'com.example',
    logLevel: 'warn',
    logFormat: 'json',
  });
  expect(config.listeners.map(({ bind }) => bind)).toEqual(['[::1]:9000']);
  expect(config.realms.map(({ name }) => name)).toEqual(['com.example']);
  expect(config.log).toEqual({ level: 'warn', format: 'json' });
});

test('start: no flags change nothing', () => {
  const loaded = file('log: { level: debug }\nlisteners: [{ bind: "h:1" }, { bind: "h:2" }]');
  expect(overrideConfig(loaded, {})).toEqual(loaded);
});

test('start: --listen moves the one listener of a config and keeps the rest of it', () => {
  const { config } = overrideConfig(file('listeners: [{ bind: "h:1", protocols: [rawsocket] }]'), {
    listen: 'h:2',
  });
  expect(config.listeners).toMatchObject([{ bind: 'h:2', protocols: ['rawsocket'] }]);
});

test.each([
  ['version: 1', { realm: 'open' }, '--realm: the config names its realms; change it there'],
  [
    'listeners: [{ bind: "h:1" }, { bind: "h:2" }]',
    { listen: 'h:3' },
    '--listen: the config has 2 listeners; change it there',
  ],
  ['version: 1', { listen: '8080' }, '--listen: "8080" is no bind; did you mean 127.0.0.1:8080?'],
  [
    'version: 1',
    { logLevel: 'inf', logFormat: 'yaml' },
    [
      '--log-level: expected trace, debug, info, warn, error, fatal or silent, got "inf"; did you mean info?',
      '--log-format: expected auto, pretty or json, got "yaml"',
    ].join('\n'),
  ],
])('start: %j with %j is refused', (text, flags, message) => {
  expect(() => overrideConfig(file(text), flags)).toThrow(new ConfigError(message));
});

test('start: --realm has to be a URI', () => {
  expect(() => overrideConfig(readConfig({}), { realm: 'a b' })).toThrow(
    new ConfigError('--realm: is no URI: whitespace at 1'),
  );
});
