import { expect, test } from 'vitest';
import { parseBind } from './binds.js';

test.each([
  '127.0.0.1:8080',
  'localhost:0',
  '0.0.0.0:65535',
  '[::1]:8080',
  '[fe80::1%eth0]:80',
  'unix:/run/wamp.sock',
  'unix:wamp.sock',
])('config: bind %s', (text) => {
  expect(parseBind(` ${text} `)).toBe(text);
});

test.each([
  ['8080', '"8080" is no bind; did you mean 127.0.0.1:8080?'],
  [':8080', '":8080" is no bind; did you mean 0.0.0.0:8080?'],
  ['::1:8080', '"::1:8080" is no bind; did you mean [::1]:8080?'],
  ['/run/wamp.sock', '"/run/wamp.sock" is no bind; did you mean unix:/run/wamp.sock?'],
  ['ws://127.0.0.1:8080/ws', '"ws://127.0.0.1:8080/ws" is no bind but a URL; did you mean 127.0.0.1:8080?'],
  ['localhost', '"localhost" is no bind; write it as host:port, [::1]:port or unix:/path'],
  ['host:70000', 'port 70000 is out of range; at most 65535'],
  ['unix:', 'names no socket; write it as unix:/run/wamp.sock'],
  [`unix:/${'a'.repeat(110)}`, "the socket's path is longer than 103 bytes"],
  ['', '"" is no bind; write it as host:port, [::1]:port or unix:/path'],
])('config: bind %j is refused: %s', (text, message) => {
  expect(() => parseBind(text)).toThrow(new RangeError(message));
});
