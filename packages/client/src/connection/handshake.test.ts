import {
  Abort,
  Authenticate,
  Challenge,
  ErrorMessage,
  ErrorUri,
  Event,
  Goodbye,
  Hello,
  Invocation,
  type Message,
  Payload,
  Published,
  Registered,
  Result,
  Subscribed,
  Unregistered,
  Unsubscribed,
  Welcome,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { anonymous, ConfigError, JoinError, ticket } from '../exports.js';
import type { ConnectOptions } from '../options.js';
import { ManualClock, ScriptedListener, type ScriptedPeer } from '../testing.js';
import { createConnect } from './connect.js';

async function begin(options: Partial<ConnectOptions> = {}) {
  const listener = new ScriptedListener();
  const connect = createConnect({ connectPeer: listener.connectPeer, serializers: [] });
  const connecting = connect('ws://router.example', { realm: 'realm1', reconnect: false, ...options });
  connecting.catch(() => {});
  const router = await listener.accept();
  return { connecting, router };
}

async function joinError(connecting: Promise<unknown>): Promise<JoinError> {
  const error = await connecting.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(JoinError);
  return error;
}

test('BP-SESS-01, BP-SESS-03: HELLO comes first, with all four client roles, their features and the agent', async () => {
  const { router } = await begin({ agent: 'test 1' });
  const { realm, details } = await router.expect(Hello);
  expect(realm).toBe('realm1');
  expect(details.agent).toBe('test 1');
  expect(Object.keys(details.roles as object).sort()).toEqual([
    'callee',
    'caller',
    'publisher',
    'subscriber',
  ]);
  expect(details.roles).toMatchObject({
    callee: {
      features: { call_canceling: true, progressive_call_results: true, registration_revocation: true },
    },
    subscriber: { features: { subscription_revocation: true } },
  });
});

test('CAN-01, PCR-01, PCR-02: caller and callee announce canceling and progressive results', async () => {
  const { router } = await begin();
  const { details } = await router.expect(Hello);
  const features = { call_canceling: true, progressive_call_results: true };
  expect(details.roles).toMatchObject({ caller: { features }, callee: { features } });
});

test('CONF-01: sharding is not announced, as it is not done', async () => {
  const { router } = await begin();
  const text = JSON.stringify((await router.expect(Hello)).details);
  expect(text).not.toMatch(/sharded/);
});

test('BP-SESS-02, AUTH-03: WELCOME becomes the session', async () => {
  const { connecting, router } = await begin();
  await router.welcome(7, { authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' });
  const client = await connecting;
  expect(client.status).toBe('joined');
  expect(client.session).toMatchObject({
    id: 7,
    realm: 'realm1',
    authid: 'joe',
    authrole: 'user',
    authmethod: 'ticket',
    authprovider: 'static',
    roles: { broker: {}, dealer: {} },
  });
});

describe('AUTH-01, AUTH-02: authentication', () => {
  test('no authenticator: HELLO names no method', async () => {
    const { router } = await begin();
    const { details } = await router.expect(Hello);
    expect('authmethods' in details || 'authid' in details || 'authextra' in details).toBe(false);
  });

  test('several: HELLO offers them in order with the authid and the merged authextra', async () => {
    const custom = { method: 'x_custom', authextra: { key: 1 }, answer: () => ({ signature: '' }) };
    const { router } = await begin({ auth: [custom, ticket('joe', 's'), anonymous()] });
    const { details } = await router.expect(Hello);
    expect(details).toMatchObject({
      authmethods: ['x_custom', 'ticket', 'anonymous'],
      authid: 'joe',
      authextra: { key: 1 },
    });
  });

  test('TICK-01: CHALLENGE is answered with the ticket', async () => {
    const { connecting, router } = await begin({ auth: ticket('joe', async () => 'secret') });
    await router.expect(Hello);
    router.send(new Challenge('ticket', {}));
    const { signature, extra } = await router.expect(Authenticate);
    expect([signature, extra]).toEqual(['secret', {}]);
    router.send(new Welcome(1, { roles: { broker: {} } }));
    expect((await connecting).session?.id).toBe(1);
  });

  test('a second CHALLENGE after AUTHENTICATE is a second round', async () => {
    let round = 0;
    const answer = () => ({ signature: `${++round}`, extra: { round } });
    const { router } = await begin({ auth: { method: 'x_two', answer } });
    await router.expect(Hello);
    router.send(new Challenge('x_two', {}));
    expect((await router.expect(Authenticate)).extra).toEqual({ round: 1 });
    router.send(new Challenge('x_two', {}));
    expect((await router.expect(Authenticate)).extra).toEqual({ round: 2 });
  });

  test('CHALLENGE of a method not offered is answered with ABORT', async () => {
    const { connecting, router } = await begin({ auth: ticket('joe', 's') });
    await router.expect(Hello);
    router.send(new Challenge('wampcra', {}));
    expect((await router.expect(Abort)).reason).toBe(ErrorUri.NoMatchingAuthMethod);
    expect((await joinError(connecting)).uri).toBe(ErrorUri.NoMatchingAuthMethod);
  });

  test('an authenticator without an answer: ABORT tells the router nothing of why, JoinError all', async () => {
    const cause = new Error('vault is sealed');
    const { connecting, router } = await begin({ auth: ticket('joe', () => Promise.reject(cause)) });
    await router.expect(Hello);
    router.send(new Challenge('ticket', {}));
    const abort = await router.expect(Abort);
    expect([abort.reason, abort.details]).toEqual([ErrorUri.AuthenticationFailed, {}]);
    const error = await joinError(connecting);
    expect(error.cause).toBe(cause);
    expect(error.message).toContain('vault is sealed');
  });

  test('authenticators that name two authids are a mistake of configuration', async () => {
    const listener = new ScriptedListener();
    const connect = createConnect({ connectPeer: listener.connectPeer, serializers: [] });
    const auth = [ticket('joe', 's'), ticket('ann', 's')];
    await expect(connect('ws://a', { realm: 'r', auth })).rejects.toThrow(ConfigError);
  });
});

describe('AUTH-04, BP-SESS-05: ABORT becomes JoinError', () => {
  test.each([
    [new Abort({ message: 'no such user' }, ErrorUri.NoSuchPrincipal), 'no such user'],
    [new Abort({}, ErrorUri.NoSuchRealm), 'wamp.error.no_such_realm'],
    [new Abort({}, 'com.example.no', Payload.of(['why'], { a: 1 })), 'com.example.no: why'],
  ])('%#', async (abort, text) => {
    const { connecting, router } = await begin();
    await router.expect(Hello);
    router.send(abort);
    const error = await joinError(connecting);
    expect(error).toMatchObject({
      uri: abort.reason,
      details: abort.details,
      args: abort.payload.args(),
      kwargs: abort.payload.kwargs(),
      retryable: false,
    });
    expect(error.message).toContain(text);
    await router.closed; // and nothing was answered
    expect(router.received).toEqual([]);
  });

  test('BP-SESS-08: a router that shuts down may let us in later', async () => {
    const { connecting, router } = await begin();
    router.send(new Abort({}, 'wamp.close.system_shutdown'));
    expect((await joinError(connecting)).retryable).toBe(true);
  });
});

describe('BP-PERR-01, BP-PERR-07: before WELCOME a violation is answered with ABORT and the end', () => {
  const messages: Message[] = [
    new Subscribed(1, 1),
    new Unsubscribed(1),
    new Published(1, 1),
    new Result(1, {}),
    new Registered(1, 1),
    new Unregistered(1),
    new Invocation(1, 1, {}),
    new Event(1, 1, {}),
    new ErrorMessage(48, 1, {}, 'com.example.no'),
    new Goodbye({}, 'wamp.close.system_shutdown'),
    new Hello('realm1', {}),
  ];
  test.each(messages.map((message) => [message.constructor.name, message] as const))(
    '%s',
    async (_name, message) => {
      const { connecting, router } = await begin();
      await router.expect(Hello);
      router.send(message);
      await expectViolation(router);
      expect((await joinError(connecting)).uri).toBe(ErrorUri.ProtocolViolation);
    },
  );

  test.each([
    ['WELCOME', new Welcome(1, {})],
    ['CHALLENGE', new Challenge('ticket', {})],
  ])('%s while a CHALLENGE is being answered', async (_name, message) => {
    const { connecting, router } = await begin({ auth: ticket('joe', () => new Promise<string>(() => {})) });
    await router.expect(Hello);
    router.send(new Challenge('ticket', {}), message);
    await expectViolation(router);
    await joinError(connecting);
  });

  async function expectViolation(router: ScriptedPeer) {
    const abort = await router.expect(Abort);
    expect(abort.reason).toBe(ErrorUri.ProtocolViolation);
    expect(abort.details.message).toEqual(expect.any(String));
    await router.closed;
  }
});

test('a router that says nothing: JoinError after joinTimeout, and the transport ends', async () => {
  const clock = new ManualClock();
  const { connecting, router } = await begin({ clock, joinTimeout: 3_000 });
  await router.expect(Hello);
  clock.advance(2_999);
  expect(router.received).toEqual([]);
  clock.advance(1);
  expect((await router.expect(Abort)).reason).toBe(ErrorUri.Timeout);
  expect(await joinError(connecting)).toMatchObject({ uri: ErrorUri.Timeout, retryable: true });
  await router.closed;
  await vi.waitFor(() => expect(clock.timers).toBe(0));
});

test('a transport that ends before WELCOME: JoinError, retryable', async () => {
  const { connecting, router } = await begin();
  await router.expect(Hello);
  router.close();
  expect((await joinError(connecting)).retryable).toBe(true);
});

test('the signal gives the join up: CanceledError with its reason, ABORT to the router', async () => {
  const controller = new AbortController();
  const { connecting, router } = await begin({ signal: controller.signal });
  await router.expect(Hello);
  controller.abort('enough');
  await expect(connecting).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
  expect((await router.expect(Abort)).reason).toBe(ErrorUri.Canceled);
});

test('without a URL and a transport of its own there is nothing to connect to', async () => {
  const connect = createConnect({ connectPeer: () => Promise.reject(), serializers: [] });
  const connecting = connect([], { realm: 'realm1' });
  await expect(connecting).rejects.toBeInstanceOf(ConfigError);
  await expect(connecting).rejects.toMatchObject({ message: 'no URL to connect to', retryable: false });
});
