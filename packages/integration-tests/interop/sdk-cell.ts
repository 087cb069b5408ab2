import { CallError, type Client, connect, JoinError, RequestError, result, ticket } from '@wampkit/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serializers } from '../src/start-router.js';
import type { ForeignPayload } from './foreign-client.js';
import { bigIntegers, binary, failure, plain, unicode } from './payloads.js';
import type { RouterCell } from './router-suite.js';

/** Everything that our client can do with somebody else's router. */
export function sdkCell({ cell, running, lacks, base }: RouterCell): void {
  const join = (auth?: ReturnType<typeof ticket>) =>
    connect(running().url(cell.transport), {
      realm: 'realm1',
      serializers: [serializers[cell.serializer]],
      reconnect: false,
      ...(auth && { auth }),
    });
  let caller: Client;
  let callee: Client;

  beforeAll(async () => {
    [caller, callee] = await Promise.all([join(), join()]);
  });
  afterAll(async () => {
    await Promise.all([caller?.close(), callee?.close()]);
  });

  test('joins anonymously', { meta: { feature: 'join', lacks } }, () => {
    expect(caller.session?.id).toBeGreaterThan(0);
    expect(caller.session?.id).not.toBe(callee.session?.id);
    expect(caller.session?.realm).toBe('realm1');
  });

  if (lacks.ticket === undefined)
    test('TICK-01: joins with a ticket, not with a wrong one', { meta: { feature: 'ticket' } }, async () => {
      const joe = await join(ticket('joe', 'joe-ticket'));
      expect(joe.session).toMatchObject({ authid: 'joe', authrole: 'user', authmethod: 'ticket' });
      await joe.close();
      await expect(join(ticket('joe', 'guess'))).rejects.toBeInstanceOf(JoinError);
    });

  const echoes = async (name: string, payload: ForeignPayload, match: 'exact' | 'prefix' | 'wildcard') => {
    const echo = `${base}.${name}`;
    const procedure = { exact: echo, prefix: base, wildcard: `com.example..${cell.serializer}.${name}` }[
      match
    ];
    const registration = await callee.register(procedure, ({ args, kwargs }) => result({ args, kwargs }), {
      match,
    });
    const { args, kwargs } = await caller.call(echo, payload);
    expect({ args, kwargs }).toEqual(payload);
    await registration.unregister();
  };

  test('BP-SER-04: calls', { meta: { feature: 'call' } }, () => echoes('echo', plain, 'exact'));

  test('BP-RPC-02: registers once, unregisters', { meta: { feature: 'register' } }, async () => {
    const registration = await callee.register(`${base}.once`, () => 1);
    const again: unknown = await caller.register(`${base}.once`, () => 2).catch((reason: unknown) => reason);
    expect(again).toMatchObject({ uri: 'wamp.error.procedure_already_exists' });
    await registration.unregister();
    const call: unknown = await caller.call(`${base}.once`).catch((reason: unknown) => reason);
    expect(call).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });

  for (const match of ['prefix', 'wildcard'] as const)
    test(`PREG-01: registers a ${match} pattern`, { meta: { feature: 'patterns' } }, () =>
      echoes('pattern', plain, match),
    );

  for (const [feature, payload] of [
    ['unicode', unicode],
    ['binary', binary],
    ['big integers', bigIntegers],
  ] as const)
    if (lacks[feature] === undefined)
      test(`BP-SER-04: ${feature} through a call`, { meta: { feature } }, () =>
        echoes('values', payload, 'exact'),
      );

  test('BP-RPC-04: errors come with URI and payload', { meta: { feature: 'errors' } }, async () => {
    await callee.register(`${base}.fails`, () => {
      throw new RequestError('no', failure);
    });
    const error: unknown = await caller.call(`${base}.fails`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject(failure);
  });

  for (const match of ['exact', 'prefix', 'wildcard'] as const)
    test(`PSUB-01: publishes and subscribes, ${match}`, {
      meta: { feature: match === 'exact' ? 'events' : 'patterns' },
    }, async () => {
      const topic = `${base}.${match}.topic`;
      const wildcard = `com.example..${cell.serializer}.${match}.topic`;
      const pattern = { exact: topic, prefix: `${base}.${match}`, wildcard }[match];
      const events: unknown[] = [];
      const subscription = await callee.subscribe(
        pattern,
        ({ args, kwargs, details }) => void events.push({ args, kwargs, topic: details.topic }),
        { match },
      );
      const { id } = await caller.publish(topic, plain, { acknowledge: true });
      expect(id).toBeGreaterThan(0);
      await vi.waitFor(() => expect(events).toMatchObject([plain]));
      // EVENT.Details.topic is a matter of patterns: BP-PS-05.
      if (match !== 'exact') expect(events).toMatchObject([{ topic }]);
      await subscription.unsubscribe();
    });

  test('BP-SESS-06: leaves with GOODBYE', { meta: { feature: 'leave' } }, async () => {
    const guest = await join();
    await guest.leave();
    expect(guest.status).toBe('left');
    await guest.close();
  });
}
