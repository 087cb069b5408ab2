/* The situations in which clients in the field lose messages, hang or tear the connection down. */
import {
  Call,
  Cancel,
  ErrorMessage,
  ErrorUri,
  Event,
  Interrupt,
  Invocation,
  Payload,
  Publish,
  type RequestType,
  Result,
  Subscribe,
  Subscribed,
  Unregister,
  Unregistered,
  Unsubscribe,
  Unsubscribed,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { createConnect } from './connection/connect.js';
import { registered } from './registrations/testing/registered.js';
import { joinScripted, ManualClock, type ScriptedClient, ScriptedListener } from './testing.js';

const twenty = Array.from({ length: 20 }, (_, index) => index);

/** Proves that the session still works both ways. */
async function expectAlive({ client, router }: Pick<ScriptedClient, 'client' | 'router'>) {
  const calling = client.call('alive');
  const { request, procedure } = await router.expect(Call);
  expect(procedure).toBe('alive');
  router.send(new Result(request, {}, Payload.of(['yes'])));
  expect((await calling).value).toBe('yes');
  expect(client.status).toBe('joined');
}

test('pending call, socket drops: rejects', async () => {
  const { client, router } = await joinScripted();
  const calling = client.call('a');
  await router.expect(Call);
  router.close();
  await expect(calling).rejects.toMatchObject({ name: 'ConnectionLostError', sent: true });
});

test('cancel, and the dealer answers ERROR canceled: rejects, and the session lives', async () => {
  const parts = await joinScripted();
  const controller = new AbortController();
  const calling = parts.client.call('a', {}, { signal: controller.signal });
  const { request } = await parts.router.expect(Call);
  controller.abort();
  await parts.router.expect(Cancel);
  parts.router.send(new ErrorMessage(48, request, {}, ErrorUri.Canceled));
  await expect(calling).rejects.toMatchObject({ name: 'CanceledError' });
  await expectAlive(parts);
});

test('EVENT already in flight when UNSUBSCRIBED arrives: ignored, and the session lives', async () => {
  const parts = await joinScripted();
  const handler = vi.fn();
  const subscribing = parts.client.subscribe('a', handler);
  parts.router.send(new Subscribed((await parts.router.expect(Subscribe)).request, 5));
  const leaving = (await subscribing).unsubscribe();
  const { request } = await parts.router.expect(Unsubscribe);
  parts.router.send(new Event(5, 1, {}), new Unsubscribed(request), new Event(5, 2, {}));
  await leaving;
  await expectAlive(parts);
  expect(handler).not.toHaveBeenCalled();
});

test('INVOCATION in flight when UNREGISTERED arrives: answered, and the handler does not run', async () => {
  const handler = vi.fn();
  const parts = await registered(handler);
  const leaving = parts.registration.unregister();
  const { request } = await parts.router.expect(Unregister);
  parts.router.send(new Unregistered(request), new Invocation(1, 6, {}));
  await leaving;
  expect((await parts.router.expect(ErrorMessage)).error).toBe(ErrorUri.NoSuchProcedure);
  expect(handler).not.toHaveBeenCalled();
  await expectAlive(parts);
});

test('INTERRUPT to the callee: its signal aborts, and the session lives', async () => {
  const aborted = vi.fn();
  const parts = await registered(({ signal }) => {
    signal.addEventListener('abort', aborted);
    return new Promise(() => {});
  });
  parts.router.send(new Invocation(1, 6, {}), new Interrupt(1, { mode: 'killnowait' }), new Interrupt(1, {}));
  await expectAlive(parts);
  expect(aborted).toHaveBeenCalledOnce();
});

test('20 events right behind SUBSCRIBED: all 20 arrive, in order', async () => {
  const { client, router } = await joinScripted();
  const handled: unknown[] = [];
  const handling = client.subscribe('a', ({ value }) => void handled.push(value));
  const burst = (id: number) => twenty.map((n) => new Event(id, n + 1, {}, Payload.of([n])));
  router.send(new Subscribed((await router.expect(Subscribe)).request, 5), ...burst(5));
  await handling;
  const iterating = client.subscribe('b');
  router.send(new Subscribed((await router.expect(Subscribe)).request, 6), ...burst(6));
  const iterated: unknown[] = [];
  for await (const { value } of await iterating) {
    iterated.push(value);
    if (iterated.length === 20) break;
    if (iterated.length === 19)
      void router.expect(Unsubscribe).then(({ request }) => router.send(new Unsubscribed(request)));
  }
  expect(handled).toEqual(twenty);
  expect(iterated).toEqual(twenty);
});

test('20 concurrent calls answered back to back: all settle', async () => {
  const { client, router } = await joinScripted();
  const calling = Promise.all(twenty.map((n) => client.call('a', { args: [n] })));
  const calls = [];
  for (const _ of twenty) calls.push(await router.expect(Call));
  router.send(...calls.map(({ request, payload }) => new Result(request, {}, payload)));
  expect((await calling).map(({ value }) => value)).toEqual(twenty);
});

test('a slow callee, own call meanwhile: not blocked', async () => {
  let finish = (_value: unknown) => {};
  const parts = await registered(() => new Promise((resolve) => (finish = resolve)));
  parts.router.send(new Invocation(1, 6, {}));
  await expectAlive(parts);
  finish('at last');
  expect((await parts.router.expect(Yield)).payload.args()).toEqual(['at last']);
});

test('an argument that cannot be serialized: rejects alone, and the session lives', async () => {
  const listener = new ScriptedListener();
  const fault = new WampError('args[0]: a function has no form in JSON', { uri: ErrorUri.InvalidArgument });
  const connectPeer = async (url: string) => {
    const peer = await listener.connectPeer(url);
    const send = peer.send.bind(peer);
    peer.send = (message) =>
      'payload' in message && typeof message.payload.args()[0] === 'function' ? fault : send(message);
    return peer;
  };
  const joining = createConnect({ connectPeer, serializers: [] })('', { realm: 'realm1', reconnect: false });
  const router = await listener.accept();
  await router.welcome();
  const client = await joining;
  const args = [() => {}];
  await expect(client.call('a', { args })).rejects.toMatchObject({
    name: 'RequestError',
    message: fault.message,
  });
  await expect(client.publish('a', { args })).rejects.toMatchObject({ uri: ErrorUri.InvalidArgument });
  await expectAlive({ client, router });
});

test('a call issued while offline rejects, and is never sent when a later connection succeeds', async () => {
  const clock = new ManualClock();
  const reconnect = { jitter: 'none', initialDelay: 10 } as const;
  const { client, router, listener } = await joinScripted({ clock, reconnect });
  listener.refused.add('ws://router.example/ws');
  router.close();
  await vi.waitFor(() => expect(client.status).toBe('reconnecting'));
  await expect(client.call('charge.card')).rejects.toMatchObject({
    name: 'ConnectionLostError',
    sent: false,
  });
  clock.advance(10);
  await vi.waitFor(() => expect(listener.urls).toHaveLength(2));
  listener.refused.clear();
  await vi.waitFor(() => expect(clock.timers).toBe(1));
  clock.advance(20);
  const next = await listener.accept();
  await next.welcome(2);
  await vi.waitFor(() => expect(client.status).toBe('joined'));
  await expectAlive({ client, router: next });
});

test('a callee throws Error("boom"): the message reaches the caller', async () => {
  const { router } = await registered(() => {
    throw new Error('boom');
  });
  router.send(new Invocation(1, 6, {}));
  const { error, payload } = await router.expect(ErrorMessage);
  expect([error, payload.args()]).toEqual([ErrorUri.RuntimeError, ['boom']]);
});

test.each([[0], [''], [false]])('publish %j: the payload is kept', async (value) => {
  const { client, router } = await joinScripted();
  await client.publish('a', { args: [value] });
  expect((await router.expect(Publish)).payload.args()).toEqual([value]);
});

test('a progressive result with native promises: neither a crash nor taken for the final one', async () => {
  const { client, router } = await joinScripted();
  const calling = client.call('a', {}, { receive_progress: true } as never);
  const { request } = await router.expect(Call);
  router.send(
    new Result(request, { progress: true }, Payload.of([1])),
    new Result(request, {}, Payload.of([2])),
  );
  expect((await calling).value).toBe(2);
});

test.each(['com.my-app.x', 'com.MyApp.X', 'com.example.größe'])('URI %s goes as it is', async (uri) => {
  const { client, router } = await joinScripted();
  await client.publish(uri);
  expect((await router.expect(Publish)).topic).toBe(uri);
});

test('two handlers on one subscription, the first throws: the second gets the event, nothing goes unhandled', async () => {
  const parts = await joinScripted();
  const handler = vi.fn();
  const fail = () => {
    throw new Error('first');
  };
  const all = [parts.client.subscribe('a', fail), parts.client.subscribe('a', handler)];
  parts.router.send(new Subscribed((await parts.router.expect(Subscribe)).request, 5), new Event(5, 1, {}));
  await Promise.all(all);
  await expectAlive(parts);
  expect(handler).toHaveBeenCalledOnce();
});

test('every kind of request is settled when the router refuses it', async () => {
  const { client, router } = await joinScripted();
  const requests = [
    client.call('a'),
    client.subscribe('a', () => {}),
    client.register('a', () => {}),
    client.publish('a', {}, { acknowledge: true }),
  ];
  const settled = Promise.allSettled(requests);
  for (const _ of requests) {
    const message = (await router.next()) as Call;
    router.send(new ErrorMessage(message.code as RequestType, message.request, {}, ErrorUri.NotAuthorized));
  }
  for (const outcome of await settled)
    expect(outcome).toMatchObject({ reason: { uri: ErrorUri.NotAuthorized } });
});
