import {
  Abort,
  Authenticate,
  Call,
  Cancel,
  Challenge,
  ErrorMessage,
  ErrorUri,
  Event,
  Goodbye,
  Hello,
  Interrupt,
  type Message,
  Payload,
  type Peer,
  ProtocolError,
  Publish,
  Published,
  Register,
  Registered,
  type RequestType,
  Result,
  Subscribe,
  Subscribed,
  Unregister,
  Unregistered,
  Unsubscribe,
  Unsubscribed,
  WampError,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionLostError, RequestError } from '../exports.js';
import { createPeerPair, joinScripted, ManualClock, ScriptedPeer } from '../testing.js';

const killed = new Goodbye({ message: 'go' }, 'wamp.close.killed');

describe('BP-PERR-01, BP-PERR-03, BP-PERR-05, BP-PERR-07: a violation in the session', () => {
  const messages: Message[] = [
    new Welcome(1, {}),
    new Challenge('ticket', {}),
    new Hello('realm1', {}),
    new Authenticate('', {}),
    new Subscribe(1, {}, 'a'),
    new Unsubscribe(1, 1),
    new Publish(1, {}, 'a'),
    new Register(1, {}, 'a'),
    new Unregister(1, 1),
    new Call(1, {}, 'a'),
    new Cancel(1, {}),
    new Yield(1, {}),
    new ErrorMessage(68, 1, {}, 'com.example.no'),
    new Unsubscribed(0, { reason: 'no id' }),
    new Unregistered(0, null),
  ];
  test.each(messages.map((message) => [message.constructor.name, message] as const))(
    '%s: ABORT, everything open rejects, the transport ends',
    async (_name, message) => {
      const { client, router } = await joinScripted();
      const calling = client.call('com.example.add');
      calling.catch(() => {});
      await router.expect(Call);
      router.send(message, new Result(1, {}));
      const abort = await router.expect(Abort);
      expect(abort.reason).toBe(ErrorUri.ProtocolViolation);
      expect(abort.details.message).toEqual(expect.any(String));
      await expect(calling).rejects.toBeInstanceOf(ConnectionLostError);
      await router.closed;
      expect(await client.closed).toMatchObject({ cause: expect.any(ProtocolError) });
    },
  );

  test('BP-SER-05: bytes that are no message', async () => {
    const [clientEnd, routerEnd] = createPeerPair();
    const router = new ScriptedPeer(routerEnd);
    const joining = joinOn(clientEnd);
    await router.welcome();
    const client = await joining;
    clientEnd.onViolation?.(new ProtocolError('trailing bytes at 17'));
    expect((await router.expect(Abort)).details).toEqual({ message: 'trailing bytes at 17' });
    expect((await client.closed)?.message).toContain('trailing bytes at 17');
  });

  test('a payload that cannot be decoded', async () => {
    const { client, router } = await joinScripted();
    const payload = Payload.of(['x']);
    payload.args = () => {
      throw new ProtocolError('JBIN-02: bad base64');
    };
    const subscribing = client.subscribe('a', () => {});
    await router.expect(Subscribe);
    router.send(new Subscribed(1, 5), new Event(5, 1, {}, payload));
    await subscribing;
    expect((await router.expect(Abort)).reason).toBe(ErrorUri.ProtocolViolation);
  });
});

describe('no violation: messages that race with what the client gave up', () => {
  const late: (readonly [string, Message])[] = [
    ['EVENT of an unknown subscription', new Event(99, 1, {})],
    ['INTERRUPT of an unknown invocation (CAN-09)', new Interrupt(99, {})],
    ['RESULT of an unknown call', new Result(99, {})],
    ['PUBLISHED of an unknown publication', new Published(99, 1)],
    ['UNSUBSCRIBED', new Unsubscribed(99)],
    ['UNREGISTERED', new Unregistered(99)],
    ['SUBSCRIBED', new Subscribed(99, 1)],
    ['REGISTERED', new Registered(99, 1)],
    ['a revocation of an unknown subscription', new Unsubscribed(0, { subscription: 99 })],
    ['a revocation of an unknown registration', new Unregistered(0, { registration: 99 })],
    ...[16, 32, 34, 48, 64, 66].map(
      (type) => [`ERROR[${type}]`, new ErrorMessage(type as RequestType, 99, {}, ErrorUri.Canceled)] as const,
    ),
  ];
  test.each(late)('%s', async (_name, message) => {
    const { client, router } = await joinScripted();
    router.send(message);
    const calling = client.call('com.example.add');
    const call = await router.expect(Call);
    router.send(new Result(call.request, {}));
    await calling;
    expect(client.status).toBe('joined');
  });

  test('an answer of another type under a pending id settles nothing', async () => {
    const { client, router } = await joinScripted();
    const calling = client.call('com.example.add');
    await router.expect(Call);
    router.send(
      new Subscribed(1, 5),
      new ErrorMessage(32, 1, {}, 'com.example.no'),
      new Result(1, {}, Payload.of([5])),
    );
    expect((await calling).value).toBe(5);
  });
});

describe('BP-ID-04: request ids', () => {
  test('one counter for all types, from 1 by 1, unacknowledged PUBLISH included', async () => {
    const { client, router } = await joinScripted();
    const settle = (promise: Promise<unknown>) => void promise.catch(() => {});
    settle(client.call('a'));
    settle(client.publish('a'));
    settle(client.subscribe('a', () => {}));
    settle(client.register('a', () => {}));
    settle(client.publish('a', {}, { acknowledge: true }));
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(((await router.next()) as Call).request);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
  });

  test('BP-TRN-04: the counter begins again in the next session on the transport', async () => {
    const { client, router } = await joinScripted();
    await client.publish('a');
    expect((await router.expect(Publish)).request).toBe(1);
    const leaving = client.leave();
    await router.goodbye();
    await leaving;
    const joining = client.join({ realm: 'realm2' });
    expect((await router.welcome(77)).realm).toBe('realm2');
    await joining;
    expect(client.session?.id).toBe(77);
    await client.publish('a');
    expect((await router.expect(Publish)).request).toBe(1);
  });

  test('a message that the transport refuses uses no id, rejects alone, and the session lives', async () => {
    const [clientEnd, routerEnd] = createPeerPair();
    const router = new ScriptedPeer(routerEnd);
    const joining = joinOn(clientEnd);
    await router.welcome();
    const client = await joining;
    const { send } = clientEnd;
    const refused = new WampError('args[0]: a bigint has no form in JSON', { uri: ErrorUri.InvalidArgument });
    clientEnd.send = () => refused;
    for (const attempt of [
      client.call('a', { args: [1n] }),
      client.publish('a', { args: [1n] }),
      client.subscribe('a', () => {}),
    ])
      await expect(attempt).rejects.toMatchObject({
        uri: ErrorUri.InvalidArgument,
        message: refused.message,
        cause: refused,
      });
    await expect(client.register('a', () => {})).rejects.toBeInstanceOf(RequestError);
    clientEnd.send = send;
    await client.publish('a');
    expect((await router.expect(Publish)).request).toBe(1);
  });
});

describe('BP-SESS-06: leaving', () => {
  test('BP-SESS-08: GOODBYE with close_realm, its answer ends the session, the transport stays', async () => {
    const { client, router } = await joinScripted();
    const leaving = client.leave();
    expect((await router.goodbye()).reason).toBe('wamp.close.close_realm');
    await leaving;
    expect([client.status, client.session]).toEqual(['left', null]);
  });

  test('after GOODBYE everything but GOODBYE is ignored, and nothing more is sent', async () => {
    const { client, router } = await joinScripted();
    const registering = client.register('a', () => new Promise(() => {}));
    await router.expect(Register);
    router.send(new Registered(1, 5));
    await registering;
    const leaving = client.leave();
    await router.expect(Goodbye);
    await expect(client.publish('a')).rejects.toMatchObject({ sent: false });
    router.send(
      new Welcome(1, {}),
      new Result(7, {}),
      new Abort({}, 'a'),
      new Event(1, 1, {}),
      new Goodbye({}, 'wamp.close.goodbye_and_out'),
    );
    await leaving;
    expect(client.status).toBe('left');
    expect(router.received).toEqual([]);
  });

  test('what is open rejects at once', async () => {
    const { client, router } = await joinScripted();
    const calling = client.call('a');
    const leaving = client.leave();
    await expect(calling).rejects.toMatchObject({ name: 'ConnectionLostError', sent: true });
    await router.expect(Call);
    await router.goodbye();
    await leaving;
  });

  test('GOODBYEs that cross end the session without a further answer', async () => {
    const { client, router } = await joinScripted();
    router.send(new Goodbye({}, 'wamp.close.system_shutdown'));
    const leaving = client.leave();
    await leaving;
    await router.expect(Goodbye);
    expect(router.received).toEqual([]);
  });

  test('a router that does not answer: the transport ends after a while', async () => {
    const clock = new ManualClock();
    const { client, router } = await joinScripted({ clock });
    const leaving = client.leave();
    await router.expect(Goodbye);
    clock.advance(5_000);
    await leaving;
    await router.closed;
    expect(client.status).toBe('left');
  });

  test('leave twice, leave after close, close twice: one GOODBYE', async () => {
    const { client, router } = await joinScripted();
    const endings = [client.leave(), client.leave(), client.close(), client.close()];
    await router.goodbye();
    await Promise.all(endings);
    await client.leave();
    await router.closed;
    expect(router.received).toEqual([]);
    expect(client.status).toBe('closed');
    expect(await client.closed).toBeUndefined();
  });

  test('join after leave: on a new transport when the router ended the old one', async () => {
    const { client, router, listener } = await joinScripted();
    const leaving = client.leave();
    await router.goodbye();
    await leaving;
    router.close();
    await router.closed;
    await Promise.resolve();
    const joining = client.join();
    const next = await listener.accept();
    expect((await next.welcome(2)).realm).toBe('realm1');
    await joining;
    expect([client.status, client.session?.id]).toEqual(['joined', 2]);
  });

  test('join is for a client that has left', async () => {
    const { client } = await joinScripted();
    await expect(client.join()).rejects.toThrow('this one is joined');
  });

  test('close gives up a join in progress', async () => {
    const { client, router } = await joinScripted();
    const leaving = client.leave();
    await router.goodbye();
    await leaving;
    const joining = client.join();
    joining.catch(() => {});
    await router.expect(Hello);
    await client.close();
    await expect(joining).rejects.toThrow();
    await router.closed;
  });
});

describe('BP-SESS-06, BP-SESS-05: the router ends the session', () => {
  test('GOODBYE is answered with goodbye_and_out, what is open rejects, the client closes', async () => {
    const { client, router } = await joinScripted();
    const calling = client.call('a');
    await router.expect(Call);
    router.send(killed);
    await expect(calling).rejects.toMatchObject({ name: 'ConnectionLostError', sent: true });
    const goodbye = await router.expect(Goodbye);
    expect([goodbye.reason, goodbye.details]).toEqual(['wamp.close.goodbye_and_out', {}]);
    await router.closed;
    expect((await client.closed)?.message).toContain('wamp.close.killed: go');
    expect(client.status).toBe('closed');
  });

  test('ABORT is never answered', async () => {
    const { client, router } = await joinScripted();
    router.send(new Abort({ message: 'bad' }, ErrorUri.ProtocolViolation));
    await router.closed;
    expect(router.received).toEqual([]);
    expect((await client.closed)?.message).toContain('bad');
  });
});

test('a lost connection settles everything open at once, and later requests say that nothing was sent', async () => {
  const { client, router } = await joinScripted();
  const open = [
    client.call('a'),
    client.publish('a', {}, { acknowledge: true }),
    client.subscribe('a', () => {}),
    client.register('a', () => {}),
    client.stream('a').result,
  ];
  const settled = Promise.allSettled(open);
  await router.expect(Call);
  router.close();
  for (const outcome of await settled)
    expect(outcome).toMatchObject({ reason: { name: 'ConnectionLostError', sent: true } });
  await client.closed;
  const later = [
    client.call('a'),
    client.publish('a'),
    client.subscribe('a'),
    client.register('a', () => {}),
    client.stream('a').result,
  ];
  for (const outcome of await Promise.allSettled(later))
    expect(outcome).toMatchObject({
      reason: {
        name: 'ConnectionLostError',
        message: 'the client is closed',
        sent: false,
        retryable: false,
      },
    });
  expect(router.received.filter((message) => message instanceof Call)).toHaveLength(1);
});

test('close: GOODBYE, then the end of the transport; await using does it', async () => {
  const { client, router } = await joinScripted();
  const disposing = (async () => {
    await using owned = client;
    expect(owned.status).toBe('joined');
  })();
  await router.goodbye();
  await disposing;
  await router.closed;
  expect(client.status).toBe('closed');
});

test('from close() on no request is retryable, also before GOODBYE is answered', async () => {
  const { client, router } = await joinScripted();
  const closed = { message: 'the client is closed', sent: false, retryable: false };
  const closing = client.close();
  await expect(client.call('a')).rejects.toMatchObject(closed);
  await expect(client.subscribe('a', () => {})).rejects.toMatchObject(closed);
  await router.goodbye();
  await closing;
  await expect(client.publish('a')).rejects.toMatchObject(closed);
  await expect(client.register('a', () => {})).rejects.toMatchObject(closed);
});

test('a client that has left may join again: its requests are retryable', async () => {
  const { client, router } = await joinScripted();
  const leaving = client.leave();
  await router.goodbye();
  await leaving;
  await expect(client.call('a')).rejects.toMatchObject({
    message: 'there is no session: nothing was sent',
    retryable: true,
  });
});

test('the signal of connect closes the client later', async () => {
  const controller = new AbortController();
  const { client, router } = await joinScripted({ signal: controller.signal });
  controller.abort();
  await router.goodbye();
  expect(await client.closed).toBeUndefined();
});

async function joinOn(peer: Peer) {
  const { createConnect } = await import('../connection/connect.js');
  const connectPeer = () => Promise.reject(new Error('no URL is connected'));
  return createConnect({ connectPeer, serializers: [] })('', { realm: 'realm1', peer });
}
