import {
  Abort,
  Call,
  ErrorMessage,
  ErrorUri,
  Event,
  Goodbye,
  Invocation,
  Payload,
  Register,
  Registered,
  Subscribe,
  Subscribed,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { CanceledError, ConnectError, JoinError, type StatusEvent } from '../exports.js';
import type { ConnectOptions } from '../options.js';
import { joinScripted, ManualClock, ScriptedListener, type ScriptedPeer } from '../testing.js';
import { createConnect } from './connect.js';

const policy = { initialDelay: 100, maxDelay: 1_000, jitter: 'none' } as const;

async function joined(options: Partial<ConnectOptions> = {}) {
  const clock = new ManualClock();
  const parts = await joinScripted({ clock, reconnect: policy, ...options });
  const events: StatusEvent[] = [];
  const watching = (async () => {
    for await (const event of parts.client.statuses()) events.push(event);
  })();
  const statuses = () => events.map(({ status }) => status);
  return { clock, events, statuses, watching, ...parts };
}

/** Moves time on until the client waits no more. */
async function waitFor(clock: ManualClock, ms: number) {
  await vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0));
  clock.advance(ms);
}

test('a lost connection is made again, and the client tells each step', async () => {
  const { client, router, listener, clock, events, statuses } = await joined();
  router.close();
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
  expect(client.session).toBeNull();
  await waitFor(clock, 99);
  expect(listener.urls).toHaveLength(1);
  clock.advance(1);
  await (await listener.accept()).welcome(2);
  await vi.waitFor(() => expect(client.session?.id).toBe(2));
  await vi.waitFor(() => expect(statuses()).toEqual(['reconnecting', 'joined']));
  expect(events[0]).toMatchObject({ attempt: 1, delay: 100, error: { name: 'ConnectionLostError' } });
  expect(events[1]).toMatchObject({ session: { id: 2 } });
});

test('attempts that fail wait longer and longer; each tells why', async () => {
  const { client, router, listener, clock, events } = await joined();
  listener.refused.add('ws://router.example/ws');
  router.close();
  for (const delay of [100, 200, 400, 800, 1_000]) {
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ status: 'reconnecting', delay }));
    clock.advance(delay);
  }
  await vi.waitFor(() => expect(events).toHaveLength(6));
  expect(events[5]).toMatchObject({ attempt: 6, delay: 1_000, error: { name: 'ConnectError' } });
  listener.refused.clear();
  clock.advance(1_000);
  await (await listener.accept()).welcome(2);
  await vi.waitFor(() => expect(client.status).toBe('joined'));
});

test('jitter is taken from `random`', async () => {
  const { router, events } = await joined({ reconnect: { ...policy, jitter: 'full' }, random: () => 0.5 });
  router.close();
  await vi.waitFor(() => expect(events[0]).toMatchObject({ delay: 50 }));
});

test('a session that ends soon after it began does not make the waits short again; one that lasts does', async () => {
  const { router, listener, clock, events } = await joined();
  let current = router;
  for (const [lived, delay] of [
    [0, 100],
    [0, 200],
    [999, 400],
    [1_000, 100],
  ] as const) {
    clock.advance(lived);
    current.close();
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ status: 'reconnecting', delay }));
    clock.advance(delay);
    current = await listener.accept();
    await current.welcome(2);
    await vi.waitFor(() => expect(events.at(-1)?.status).toBe('joined'));
  }
});

test('requests while reconnecting reject at once, and are never sent later', async () => {
  const { client, router, listener, clock } = await joined();
  router.close();
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
  await expect(client.call('charge.card')).rejects.toMatchObject({
    name: 'ConnectionLostError',
    sent: false,
  });
  await expect(client.publish('a')).rejects.toMatchObject({ sent: false });
  await expect(client.subscribe('a')).rejects.toMatchObject({ sent: false });
  await expect(client.register('a', () => {})).rejects.toMatchObject({ sent: false });
  await waitFor(clock, 100);
  const next = await listener.accept();
  await next.welcome(2);
  await vi.waitFor(() => expect(client.status).toBe('joined'));
  const calling = client.call('other');
  calling.catch(() => {});
  expect((await next.expect(Call)).procedure).toBe('other');
});

describe('subscriptions and registrations are restored with their original options', () => {
  async function restored() {
    const parts = await joined({ onError: vi.fn() });
    const { client, router, listener, clock } = parts;
    const seen: unknown[] = [];
    const subscribing = client.subscribe('a.', ({ value }) => void seen.push(value), { match: 'prefix' });
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    const registering = client.register('p', () => 1, { invoke: 'roundrobin', _x: 1 });
    router.send(new Registered((await router.expect(Register)).request, 6));
    const [subscription, registration] = [await subscribing, await registering];
    router.close();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
    expect([subscription.id, registration.id]).toEqual([null, null]);
    await waitFor(clock, 100);
    const next = await listener.accept();
    await next.welcome(2);
    const subscribe = await next.expect(Subscribe);
    const register = await next.expect(Register);
    return { ...parts, next, subscribe, register, subscription, registration, seen };
  }

  test('under new ids', async () => {
    const { next, subscribe, register, subscription, registration, seen } = await restored();
    expect([subscribe.topic, subscribe.options]).toEqual(['a.', { match: 'prefix' }]);
    expect([register.procedure, register.options]).toEqual(['p', { invoke: 'roundrobin', _x: 1 }]);
    next.send(new Subscribed(subscribe.request, 50), new Event(50, 1, {}, Payload.of(['again'])));
    next.send(new Registered(register.request, 60), new Invocation(1, 60, {}));
    expect((await next.expect(Yield)).payload.args()).toEqual([1]);
    expect(seen).toEqual(['again']);
    expect([subscription.id, registration.id]).toEqual([50, 60]);
  });

  test('one that the router refuses ends, and onError is told', async () => {
    const { next, subscribe, register, subscription, registration } = await restored();
    next.send(new ErrorMessage(32, subscribe.request, {}, ErrorUri.NotAuthorized));
    next.send(new ErrorMessage(64, register.request, {}, ErrorUri.NotAuthorized));
    expect(await subscription.ended).toMatchObject({
      type: 'failed',
      error: { uri: ErrorUri.NotAuthorized },
    });
    expect(await registration.ended).toMatchObject({
      type: 'failed',
      error: { uri: ErrorUri.NotAuthorized },
    });
  });

  test('a procedure that the dead session still holds is tried again', async () => {
    const { next, register, registration, clock } = await restored();
    next.send(new ErrorMessage(64, register.request, {}, ErrorUri.ProcedureAlreadyExists));
    await waitFor(clock, 100);
    next.send(new Registered((await next.expect(Register)).request, 61));
    await vi.waitFor(() => expect(registration.id).toBe(61));
  });

  test('a connection lost again before the answers keeps them', async () => {
    const { client, next, listener, clock, subscription } = await restored();
    next.close();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
    await waitFor(clock, 200);
    const third = await listener.accept();
    await third.welcome(3);
    third.send(new Subscribed((await third.expect(Subscribe)).request, 51));
    await vi.waitFor(() => expect(subscription.id).toBe(51));
  });

  test('what is ended while reconnecting is not restored', async () => {
    const { client, router, listener, clock } = await joined();
    const subscribing = client.subscribe('a', () => {});
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    const registering = client.register('p', () => 1);
    router.send(new Registered((await router.expect(Register)).request, 6));
    const [subscription, registration] = [await subscribing, await registering];
    router.close();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
    await Promise.all([subscription.unsubscribe(), registration.unregister()]);
    await waitFor(clock, 100);
    const next = await listener.accept();
    await next.welcome(2);
    await vi.waitFor(() => expect(client.status).toBe('joined'));
    void client.call('other').catch(() => {});
    await next.expect(Call);
  });
});

describe('when reconnecting ends', () => {
  test('retries used up: the client closes with the last error', async () => {
    const { client, router, listener, clock, watching, statuses } = await joined({
      reconnect: { ...policy, retries: 2 },
    });
    listener.refused.add('ws://router.example/ws');
    router.close();
    await waitFor(clock, 100);
    await vi.waitFor(() => expect(statuses()).toHaveLength(2));
    clock.advance(200);
    expect(await client.closed).toBeInstanceOf(ConnectError);
    await watching;
    expect(statuses()).toEqual(['reconnecting', 'reconnecting', 'closed']);
    expect(client.status).toBe('closed');
  });

  test('no retries: the client closes with what ended the session', async () => {
    const { client, router } = await joined({ reconnect: { retries: 0 } });
    router.close();
    expect(await client.closed).toMatchObject({ name: 'ConnectionLostError' });
  });

  test('a refusal that trying again does not cure is met twice, not more', async () => {
    const { client, router, listener, clock } = await joined();
    router.close();
    for (const delay of [100, 200]) {
      await waitFor(clock, delay);
      const next = await listener.accept();
      await next.next();
      next.send(new Abort({}, ErrorUri.AuthenticationDenied));
      await next.closed;
    }
    expect(await client.closed).toBeInstanceOf(JoinError);
    expect(listener.urls).toHaveLength(3);
  });

  test('close stops it', async () => {
    const { client, router, clock } = await joined();
    router.close();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
    await client.close();
    expect(await client.closed).toBeUndefined();
    await vi.waitFor(() => expect(clock.timers).toBe(0));
  });

  test('leave stops it, and the client may join later', async () => {
    const { client, router, listener, clock } = await joined();
    router.close();
    await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
    await client.leave();
    expect(client.status).toBe('left');
    await vi.waitFor(() => expect(clock.timers).toBe(0));
    const joining = client.join();
    await (await listener.accept()).welcome(2);
    await joining;
    expect(client.session?.id).toBe(2);
  });

  test('who is killed does not come back; who is shut down on does', async () => {
    const killed = await joined();
    killed.router.send(new Goodbye({}, 'wamp.close.killed'));
    expect((await killed.client.closed)?.message).toContain('wamp.close.killed');
    const shut = await joined();
    shut.router.send(new Goodbye({}, 'wamp.close.system_shutdown'));
    await vi.waitFor(() => expect(shut.client.status).toBe('reconnecting'));
  });

  test('`peer` is not reconnected', async () => {
    const { createPeerPair, ScriptedPeer } = await import('../testing.js');
    const [clientEnd, routerEnd] = createPeerPair();
    const router = new ScriptedPeer(routerEnd);
    const connectPeer = vi.fn();
    const joining = createConnect({ connectPeer, serializers: [] })('', { realm: 'r', peer: clientEnd });
    await router.welcome();
    const client = await joining;
    router.close();
    expect(await client.closed).toMatchObject({ name: 'ConnectionLostError' });
    expect(connectPeer).not.toHaveBeenCalled();
  });
});

describe('several URLs', () => {
  const urls = ['ws://a', 'ws://b', 'ws://c'];

  function begin(prepare: (listener: ScriptedListener) => void, options: Partial<ConnectOptions> = {}) {
    const listener = new ScriptedListener();
    prepare(listener);
    const connect = createConnect({ connectPeer: listener.connectPeer, serializers: [] });
    const connecting = connect(urls, { realm: 'realm1', reconnect: false, ...options });
    connecting.catch(() => {});
    return { listener, connecting };
  }

  async function shutDown(router: ScriptedPeer) {
    await router.next();
    router.send(new Abort({}, 'wamp.close.system_shutdown'));
  }

  test('are tried in order until one lets us in', async () => {
    const { listener, connecting } = begin(({ refused }) => refused.add('ws://a'));
    await shutDown(await listener.accept());
    await (await listener.accept()).welcome(3);
    expect((await connecting).session?.id).toBe(3);
    expect(listener.urls).toEqual(urls);
  });

  test('none: one ConnectError that names them all', async () => {
    const { connecting } = begin(({ refused }) => {
      for (const url of urls) refused.add(url);
    });
    const error = await connecting.catch((reason) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    for (const url of urls) expect(error.message).toContain(url);
    expect(error.cause.errors).toHaveLength(3);
  });

  test('a refusal that any of them would give ends the round', async () => {
    const { listener, connecting } = begin(() => {});
    const router = await listener.accept();
    await router.next();
    router.send(new Abort({}, ErrorUri.AuthenticationDenied));
    await expect(connecting).rejects.toMatchObject({ name: 'JoinError', uri: ErrorUri.AuthenticationDenied });
    expect(listener.urls).toEqual(['ws://a']);
  });

  test('the seam gets connectTimeout, the signal and the transport options; its ConnectError moves on to the next', async () => {
    const controller = new AbortController();
    const listener = new ScriptedListener();
    const seen: unknown[] = [];
    const connectPeer: NonNullable<ConnectOptions['connectPeer']> = (url, options) => {
      const { connectTimeout, headers, serializers, signal } = options;
      seen.push([url, connectTimeout, headers, serializers, signal.aborted]);
      if (url === 'ws://b') return listener.connectPeer(url);
      return Promise.reject(new ConnectError('no connection within 50 ms'));
    };
    const connect = createConnect({ connectPeer, serializers: [] });
    const headers = { origin: 'https://example.com' };
    const connecting = connect(['ws://a', 'ws://b'], {
      realm: 'r',
      connectTimeout: 50,
      headers,
      reconnect: false,
      signal: controller.signal,
    });
    await (await listener.accept()).welcome(4);
    expect((await connecting).session?.id).toBe(4);
    expect(seen).toEqual(['ws://a', 'ws://b'].map((url) => [url, 50, headers, [], false]));
  });

  test('the signal gives up connecting: the seam is told with its reason', async () => {
    const controller = new AbortController();
    const connectPeer: NonNullable<ConnectOptions['connectPeer']> = (_url, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new CanceledError('no', { cause: signal.reason }))),
      );
    const connect = createConnect({ connectPeer, serializers: [] });
    const connecting = connect(urls, { realm: 'r', signal: controller.signal });
    controller.abort('enough');
    await expect(connecting).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
  });

  test('a transport that comes when the signal has aborted is closed, and no HELLO sent', async () => {
    const controller = new AbortController();
    const listener = new ScriptedListener();
    const connectPeer = (url: string) => {
      controller.abort('enough');
      return listener.connectPeer(url);
    };
    const connect = createConnect({ connectPeer, serializers: [] });
    const connecting = connect('ws://a', { realm: 'r', signal: controller.signal });
    await expect(connecting).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
    const router = await listener.accept();
    await router.closed;
    expect(router.received).toEqual([]);
  });
});
