import { ConfigError } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { formatHostPort, parseBindAddress } from './bind-address.js';

test.each([
  ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:65535', { host: '::1', port: 65535 }],
  ['unix:/run/wamp.sock', { path: '/run/wamp.sock' }],
])('BP-TRN-01: a listener binds %s', (bind, address) => {
  expect(parseBindAddress(bind)).toEqual(address);
});

test.each(['8080', ':8080', 'host', 'host:', 'host:65536', '::1:8080', 'unix:', 'host:80a', '[]:80', ''])(
  'BP-TRN-01: a listener cannot bind "%s", and the error says what it must be',
  (bind) => {
    expect(() => parseBindAddress(bind)).toThrow(ConfigError);
    expect(() => parseBindAddress(bind)).toThrow(`"${bind}"`);
  },
);

test.each([
  ['127.0.0.1', '127.0.0.1:80'],
  ['::1', '[::1]:80'],
  ['::ffff:10.0.0.1', '10.0.0.1:80'],
])('BP-TRN-01: the address %s is written %s', (host, written) => {
  expect(formatHostPort(host, 80)).toBe(written);
});
