import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Abort,
  Authenticate,
  Call,
  CloseUri,
  type Dict,
  Goodbye,
  Hello,
  type Message,
  MessageCode,
  Payload,
  type Peer,
  Register,
  Subscribe,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { connectPeer } from '@wampkit/transport';
import { afterEach, expect, test, vi } from 'vitest';
import type { ConfigInput } from './config/schema.js';
import { type RunningRouter, startRouterApp } from './start-router-app.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const loopback = { bind: '127.0.0.1:0' };
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function start(config: ConfigInput): Promise<RunningRouter> {
  const running = await startRouterApp(
    { listeners: [loopback], log: { level: 'silent' }, ...config },
    { folder: fixtures },
  );
  open.push(running);
  return running;
}

/** A peer that keeps what it receives. */
class Talker {
  readonly received: Message[] = [];
  readonly closed: Promise<void>;
  readonly peer: Peer;

  constructor(peer: Peer) {
    this.peer = peer;
    peer.onMessage = (message) => {
      this.received.push(message);
      if (message.code === MessageCode.Goodbye) peer.send(new Goodbye({}, CloseUri.GoodbyeAndOut));
    };
    this.closed = new Promise((resolve) => {
      peer.onClose = () => resolve();
    });
  }

  /** Sends a message and waits for the next that comes. */
  async ask(message: Message): Promise<Message> {
    const before = this.received.length;
    this.peer.send(message);
    return vi.waitFor(() => {
      if (this.received.length === before) throw new Error('no answer');
      return this.received[before]!;
    });
  }

  hello(realm: string, details: Dict = {}): Promise<Message> {
    return this.ask(new Hello(realm, { roles: { caller: {}, callee: {}, subscriber: {} }, ...details }));
  }
}

async function talk(url: string, tls?: { ca: Buffer }): Promise<Talker> {
  const talker = new Talker(await connectPeer(url, { serializers: [jsonSerializer], ...(tls && { tls }) }));
  open.push({ [Symbol.asyncDispose]: async () => talker.peer.close() });
  return talker;
}

test('BP-SESS-02: an open realm lets everybody in, and nobody into another', async () => {
  const { urls } = await start({});
  expect(urls[0]).toMatch(/^ws:\/\/127\.0\.0\.1:[1-9]\d*\/ws$/);
  const welcome = await (await talk(urls[0]!)).hello('realm1');
  expect(welcome).toMatchObject({ code: MessageCode.Welcome, details: { authrole: 'anonymous' } });
  const refused = (await (await talk(urls[0]!)).hello('realm2')) as Abort;
  expect([refused.code, refused.reason]).toEqual([MessageCode.Abort, 'wamp.error.no_such_realm']);
});

const roles = [
  {
    name: 'user',
    permissions: [{ uri: 'com.example.', match: 'prefix' as const, allow: ['subscribe' as const] }],
  },
  { name: 'device', authorizer: 'com.example.authorize' },
];

test('TICK-01: a ticket of the config, and the permissions of its role', async () => {
  const users = { joe: { ticket: 'joe-ticket', role: 'user' } };
  const { urls } = await start({
    realms: [{ name: 'a', roles, authentication: [{ method: 'ticket', users }] }],
  });
  const joe = await talk(urls[0]!);
  expect(await joe.hello('a', { authmethods: ['ticket'], authid: 'joe' })).toMatchObject({
    code: MessageCode.Challenge,
  });
  expect(await joe.ask(new Authenticate('joe-ticket', {}))).toMatchObject({
    code: MessageCode.Welcome,
    details: { authid: 'joe', authrole: 'user', authmethod: 'ticket' },
  });
  expect(await joe.ask(new Subscribe(1, {}, 'com.example.a'))).toMatchObject({
    code: MessageCode.Subscribed,
  });
  expect(await joe.ask(new Register(2, {}, 'com.example.a'))).toMatchObject({
    error: 'wamp.error.not_authorized',
  });
  const stranger = await talk(urls[0]!);
  await stranger.hello('a', { authmethods: ['ticket'], authid: 'joe' });
  expect(await stranger.ask(new Authenticate('wrong', {}))).toMatchObject({
    code: MessageCode.Abort,
    reason: 'wamp.error.authentication_denied',
  });
});

test('CRA-01, AUTH-01: a listener takes the methods that it lists, of those that a realm has', async () => {
  const { urls } = await start({
    listeners: [{ bind: '127.0.0.1:0' }, { bind: '127.0.0.1:0', authmethods: ['anonymous', 'ticket'] }],
    realms: [
      {
        name: 'a',
        roles,
        authentication: [{ method: 'wampcra', users: { ann: { secret: 's', role: 'user' } } }],
      },
    ],
  });
  const hello = async (url: string) =>
    (await talk(url)).hello('a', { authmethods: ['wampcra'], authid: 'ann' });
  expect(await hello(urls[0]!)).toMatchObject({ code: MessageCode.Challenge, authmethod: 'wampcra' });
  expect(await hello(urls[1]!)).toMatchObject({
    code: MessageCode.Abort,
    reason: 'wamp.error.no_matching_auth_method',
  });
});

test('AZ-02, AZ-03: an authorizer of the config decides; while nobody serves it nothing is allowed', async () => {
  const { urls } = await start({
    realms: [
      {
        name: 'a',
        roles: [
          ...roles,
          { name: 'backend', permissions: [{ uri: 'com.example.authorize', allow: ['register'] }] },
        ],
        authentication: [
          { method: 'anonymous', role: 'device' },
          { method: 'ticket', users: { b: { ticket: 'b', role: 'backend' } } },
        ],
      },
    ],
  });
  const device = await talk(urls[0]!);
  expect(await device.hello('a')).toMatchObject({ code: MessageCode.Welcome });
  expect(await device.ask(new Subscribe(1, {}, 'com.example.a'))).toMatchObject({
    error: 'wamp.error.authorization_failed',
  });
  const backend = await talk(urls[0]!);
  await backend.hello('a', { authmethods: ['ticket'], authid: 'b' });
  await backend.ask(new Authenticate('b', {}));
  await backend.ask(new Register(1, {}, 'com.example.authorize'));
  const { onMessage } = backend.peer;
  const asked: unknown[] = [];
  backend.peer.onMessage = (message) => {
    if (message.code !== MessageCode.Invocation) return onMessage?.(message);
    asked.push(...message.payload.args().slice(1));
    backend.peer.send(new Yield(message.request, {}, Payload.of([true])));
  };
  expect(await device.ask(new Subscribe(2, {}, 'com.example.b'))).toMatchObject({
    code: MessageCode.Subscribed,
  });
  expect(asked).toEqual(['com.example.b', 'subscribe', { match: 'exact', realm: 'a' }]);
});

test('config: a listener offers its realms only', async () => {
  const { urls } = await start({
    listeners: [{ ...loopback, realms: ['b'] }, loopback],
    realms: [{ name: 'a' }, { name: 'b' }],
  });
  const answers = await Promise.all(
    [0, 1].flatMap((index) =>
      ['a', 'b'].map(async (realm) => (await (await talk(urls[index]!)).hello(realm)).code),
    ),
  );
  expect(answers).toEqual([MessageCode.Abort, MessageCode.Welcome, MessageCode.Welcome, MessageCode.Welcome]);
});

test('BP-TRN-05: TLS, a unix socket and RawSocket of a config', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-app-'));
  const tls = { certificate: 'server.pem', key: 'server.key' };
  const { urls, addresses } = await start({
    listeners: [
      { ...loopback, tls },
      { ...loopback, tls, protocols: ['rawsocket'] },
      { bind: `unix:${folder}/wamp.sock` },
    ],
  });
  const ca = readFileSync(`${fixtures}server.pem`);
  expect(urls.map((url) => url.split(':')[0])).toEqual(['wss', 'tcps', 'unix']);
  for (const url of urls) {
    expect(await (await talk(url, { ca })).hello('realm1')).toMatchObject({ code: MessageCode.Welcome });
  }
  const [response] = await once(get(`https://${addresses[0]}/health`, { ca, agent: false }), 'response');
  expect(response.statusCode).toBe(200);
  response.destroy();
  rmSync(folder, { recursive: true });
});

test('BP-SESS-08: while calls go on /health is 503 and who comes is refused; then GOODBYE to all', async () => {
  const running = await start({ shutdown: { grace: '1h' } });
  const url = running.urls[0]!;
  const health = `http://${running.addresses[0]}/health`;
  expect((await fetch(health)).status).toBe(200);
  const callee = await talk(url);
  await callee.hello('realm1');
  await callee.ask(new Register(1, {}, 'com.example.slow'));
  callee.peer.send(new Call(2, {}, 'com.example.slow'));
  await vi.waitFor(() => expect(callee.received.at(-1)?.code).toBe(MessageCode.Invocation));
  const closed = running.close();
  expect(await (await fetch(health)).json()).toEqual({ status: 'draining' });
  const late = await talk(url);
  expect(await late.hello('realm1')).toMatchObject({
    code: MessageCode.Abort,
    reason: 'wamp.close.system_shutdown',
  });
  callee.peer.close();
  await closed;
  await expect(fetch(health)).rejects.toThrow();
});

test('BP-SESS-08: close is idempotent and says GOODBYE', async () => {
  const running = await start({});
  const session = await talk(running.urls[0]!);
  await session.hello('realm1');
  await Promise.all([running.close(), running.close()]);
  await session.closed;
  expect(session.received.at(-1)).toMatchObject({
    code: MessageCode.Goodbye,
    reason: 'wamp.close.system_shutdown',
  });
});

test('start: a listener that cannot listen leaves no other open', async () => {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  const [taken, free] = [`127.0.0.1:${port}`, join(tmpdir(), `wampkit-${process.pid}.sock`)];
  await expect(start({ listeners: [{ bind: `unix:${free}` }, { bind: taken }] })).rejects.toThrow(
    new WampError(
      `cannot listen on ${taken}: the address is in use (EADDRINUSE); choose another with --listen, or in the config`,
    ),
  );
  await expect(talk(`unix:${free}`)).rejects.toThrow();
  probe.close();
});

test('LP-01: long-poll is served as configured, for the realms of its listener', async () => {
  const { addresses } = await start({
    listeners: [{ ...loopback, realms: ['realm1'], longpoll: { path: '/lp' } }],
    realms: [{ name: 'realm1' }, { name: 'realm2' }],
  });
  const url = `http://${addresses[0]}/lp`;
  const welcome = await (await talk(url)).hello('realm1');
  expect(welcome.code).toBe(MessageCode.Welcome);
  const refused = await (await talk(url)).hello('realm2');
  expect([refused.code, (refused as Abort).reason]).toEqual([MessageCode.Abort, 'wamp.error.no_such_realm']);
});

test('LP-03: at shutdown long-poll clients get GOODBYE, and nobody is waited for in vain', async () => {
  const running = await start({ listeners: [{ ...loopback, longpoll: { path: '/lp' } }] });
  const talker = await talk(`http://${running.addresses[0]}/lp`);
  await talker.hello('realm1');
  await running.close();
  await talker.closed;
  expect(talker.received.map(({ code }) => code)).toEqual([MessageCode.Welcome, MessageCode.Goodbye]);
});
