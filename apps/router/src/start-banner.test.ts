import { expect, test } from 'vitest';
import { readConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { startBanner } from './start-banner.js';

/** The banner of a config whose listeners got the addresses that they asked for. */
function bannerOf(input: ConfigInput): string[] {
  const { config } = readConfig(input);
  const listeners = config.listeners.map((listener) => ({ config: listener, address: listener.bind }));
  return startBanner('0.1.0', config, listeners);
}

test('start: without a config, where it listens, that it is open, and what to type next', () => {
  expect(bannerOf({})).toEqual([
    'wampkit router 0.1.0 listens on ws://127.0.0.1:8080/ws (WebSocket, RawSocket and HTTP; json, msgpack, cbor), realm realm1 is open to everyone on this address',
    'try: npx wamp-cli subscribe com.example.hello',
  ]);
});

test('start: other addresses, realms and serializers are in what to type next', () => {
  const listeners: ConfigInput['listeners'] = [
    {
      bind: '0.0.0.0:9000',
      serializers: ['cbor'],
      protocols: ['websocket'],
      websocket: { paths: ['/', '/wamp'] },
    },
  ];
  expect(bannerOf({ listeners, realms: [{ name: 'com.a' }, { name: 'com.b' }] })).toEqual([
    'wampkit router 0.1.0 listens on ws://127.0.0.1:9000/ (WebSocket; cbor), realms com.a and com.b are open to everyone on this address',
    'try: npx wamp-cli subscribe com.example.hello --url ws://127.0.0.1:9000/ --realm com.a --serializer cbor',
  ]);
});

test('start: LP-01: where long-poll is served, and that it alone is enough', () => {
  const longpoll = { path: '/lp' };
  const [both, alone, hint] = bannerOf({
    listeners: [
      { bind: '127.0.0.1:9000', longpoll, realms: ['com.none'] },
      { bind: '127.0.0.1:9001', longpoll, protocols: ['http'] },
    ],
    realms: [{ name: 'realm1' }, { name: 'com.none', authentication: [], roles: [] }],
  });
  expect(both).toContain('ws://127.0.0.1:9000/ws (WebSocket, RawSocket, HTTP and long-poll on /lp; json');
  expect(alone).toContain(
    'http://127.0.0.1:9001/lp (HTTP and long-poll on /lp; json, msgpack, cbor), realm realm1',
  );
  expect(hint).toBe('try: npx wamp-cli subscribe com.example.hello --url http://127.0.0.1:9001/lp');
});

test('start: RawSocket alone, unix sockets and HTTP alone', () => {
  const lines = bannerOf({
    listeners: [
      { bind: '[::]:9000', protocols: ['http'] },
      { bind: '[::1]:9001', protocols: ['rawsocket'], realms: ['com.a'] },
      { bind: 'unix:/run/wamp.sock' },
    ],
    realms: [{ name: 'com.a' }, { name: 'com.b', roles: [] }],
  });
  expect(lines).toEqual([
    'wampkit router 0.1.0 listens on http://[::1]:9000 (HTTP; json, msgpack, cbor)',
    'wampkit router 0.1.0 listens on tcp://[::1]:9001 (RawSocket; json, msgpack, cbor), realm com.a is open to everyone on this address',
    'wampkit router 0.1.0 listens on unix:/run/wamp.sock (WebSocket, RawSocket and HTTP; json, msgpack, cbor), realm com.a is open to everyone on this address',
    'try: npx wamp-cli subscribe com.example.hello --url tcp://[::1]:9001 --realm com.a',
  ]);
});

test('start: a realm that is closed is not called open, and nothing is suggested that would fail', () => {
  const roles = [{ name: 'user' }];
  const closed = bannerOf({
    realms: [{ name: 'realm1', roles, authentication: [{ method: 'ticket', users: {} }] }],
  });
  expect(closed).toHaveLength(1);
  expect(closed[0]).not.toContain('open');
  const anonymous = bannerOf({
    realms: [{ name: 'realm1', roles, authentication: [{ method: 'anonymous', role: 'user' }] }],
  });
  expect(anonymous[0]).not.toContain('open');
  expect(anonymous[1]).toBe('try: npx wamp-cli subscribe com.example.hello');
});
