import { Writable } from 'node:stream';
import type { Clock, TransportInfo } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { createLog } from './log.js';
import { logRouterEvents } from './log-router-events.js';

const clock: Clock = { now: () => 0, monotonic: () => 0, setTimer: () => ({ cancel: () => {} }) };
const transport: TransportInfo = {
  type: 'websocket',
  serializer: 'json',
  peer: '127.0.0.1:5000',
  headers: { cookie: 'sid=SECRET' },
};
const session = {
  session: 7,
  authid: 'joe',
  authrole: 'user',
  authmethod: 'ticket',
  authprovider: 'static',
  transport: { type: 'websocket', serializer: 'json', peer: '127.0.0.1:5000' },
};

async function recordingLog(level: 'info' | 'warn' = 'info') {
  const lines: string[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).trim().split('\n'));
      done();
    },
  });
  const { events, flush } = logRouterEvents(await createLog({ level, format: 'auto' }, output), clock);
  return { events, flush, lines: () => lines.map((line) => JSON.parse(line)) };
}

test('log: sessions come and go', async () => {
  const { events, lines } = await recordingLog();
  events.sessionJoined({ realm: 'realm1', session });
  events.sessionLeft({ realm: 'realm1', session, reason: null, message: 'the connection went' });
  expect(lines()).toMatchObject([
    {
      msg: 'session joined',
      realm: 'realm1',
      session: 7,
      authid: 'joe',
      authrole: 'user',
      authmethod: 'ticket',
      transport: 'websocket/json',
      peer: '127.0.0.1:5000',
    },
    { msg: 'session left', realm: 'realm1', session: 7, reason: null, message: 'the connection went' },
  ]);
});

test('log: refusals, violations, denials and drops are written once and summed up', async () => {
  const { events, flush, lines } = await recordingLog();
  const reason = 'wamp.error.authentication_denied';
  for (let i = 0; i < 3; i++) {
    events.joinRefused({ realm: 'realm1', authid: 'joe', reason, message: 'wrong ticket', transport });
    events.lockedOut({ realm: 'realm1', address: null, authid: 'joe' });
    events.violation({ realm: 'realm1', session: 7, message: 'no list', transport });
    const attempt = { realm: 'realm1', session: 7, action: 'call', uri: 'com.a', rule: 'no rule' };
    events.denied({ ...attempt, failed: false });
    events.denied({ ...attempt, failed: true });
    events.payloadRefused({ ...attempt, path: '/args/0', keyword: 'type' });
    events.eventDropped({ realm: 'realm1', session: 7, subscription: 1, publication: i, cause: 'congested' });
  }
  flush();
  expect(lines().map(({ msg, count }) => [msg, count])).toEqual([
    ['join refused', undefined],
    ['locked out after too many failed authentications', undefined],
    ['protocol violation', undefined],
    ['not authorized', undefined],
    ['an authorizer failed', undefined],
    ['payload does not fit its schema', undefined],
    ['event dropped', undefined],
    ['more joins refused', 2],
    ['more locked out', 2],
    ['more protocol violations', 2],
    ['more not authorized', 2],
    ['authorizers failed more', 2],
    ['more payloads do not fit their schema', 2],
    ['more events dropped', 2],
  ]);
  expect(lines().at(-1)).toMatchObject({ last: { publication: 2, cause: 'congested' } });
});

test('log: no line tells the headers of a request', async () => {
  const { events, lines } = await recordingLog();
  events.joinRefused({
    realm: null,
    authid: null,
    reason: 'wamp.error.timeout',
    message: 'no HELLO',
    transport,
  });
  events.violation({ realm: null, session: null, message: 'no list', transport });
  expect(JSON.stringify(lines())).not.toContain('SECRET');
});

test('log: a fault of the router comes with its stack, and the level is heeded', async () => {
  const { events, lines } = await recordingLog('warn');
  events.sessionJoined({ realm: 'realm1', session });
  events.bug({ realm: 'realm1', session: 7, error: new TypeError('x is undefined') });
  expect(lines()).toMatchObject([
    { level: 'error', msg: 'a fault in the router', err: { type: 'TypeError', message: 'x is undefined' } },
  ]);
});

test('log: pretty is for people', async () => {
  const chunks: string[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const log = await createLog({ level: 'info', format: 'pretty' }, output);
  log.info('wampkit router listens');
  expect(chunks.join('')).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: wampkit router listens\n$/);
});
