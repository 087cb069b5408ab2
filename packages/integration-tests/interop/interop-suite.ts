import { CallError, type Client, connect, RequestError, result } from '@wampkit/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import type { ForeignCell, ForeignClient, ForeignKind, ForeignPayload } from './foreign-client.js';

const values: ForeignPayload = {
  args: [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    4_294_967_296,
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
    '',
    'ünïcode ☃ 𝄞',
  ],
  kwargs: { nested: { list: [1, [2, [3, null]]], empty: {}, 'key ☃': [] }, none: null },
};
const binary = Uint8Array.from([0, 1, 127, 128, 255]);
const failure = { uri: 'com.example.error.failed', args: ['why', 42, null], kwargs: { hint: { a: [1] } } };

/** Everything that a foreign client can do with our router and with our client, in each of its cells. */
export function interopSuite(kind: ForeignKind): void {
  describe.each(kind.cells)('$transport/$serializer', (cell) => cellSuite(kind, cell));
}

function cellSuite(kind: ForeignKind, cell: ForeignCell): void {
  let router: TestRouter;
  let ours: Client;
  let foreign: ForeignClient;

  beforeAll(async () => {
    router = await startRouter();
    ours = await connect(router.url('ws'), { realm: 'realm1' });
    foreign = await kind.connect({ ...cell, address: router.address, realm: 'realm1' });
  });
  afterAll(async () => {
    await foreign?.close();
    await ours?.close();
    await router?.[Symbol.asyncDispose]();
  });

  test('joins anonymously', async () => {
    expect(foreign.session).toBeGreaterThan(0);
    const { value } = await ours.call('wamp.session.list');
    expect(value).toContain(foreign.session);
  });

  test('TICK-01: joins with a ticket, and not with a wrong one', async () => {
    const options = { ...cell, address: router.address, realm: 'tickets' };
    const joe = await kind.connect({ ...options, user: { authid: 'joe', ticket: 'joe-ticket' } });
    expect(joe.session).toBeGreaterThan(0);
    await joe.close();
    const refused = kind.connect({ ...options, user: { authid: 'joe', ticket: 'guess' } });
    await expect(refused).rejects.toThrow(/authentication_(denied|failed)/);
  });

  test('BP-SER-04: its call reaches us, our result reaches it', async () => {
    await ours.register('com.example.ours.echo', ({ args, kwargs }) => result({ args, kwargs }));
    expect(await foreign.call('com.example.ours.echo', values)).toEqual(values);
  });

  test('BP-SER-04: our call reaches it, its result reaches us', async () => {
    await foreign.registerEcho('com.example.its.echo', 'exact');
    const { args, kwargs } = await ours.call('com.example.its.echo', values);
    expect({ args, kwargs }).toEqual(values);
  });

  if (cell.binary)
    test('JBIN-01: binary crosses both ways', async () => {
      await ours.register('com.example.ours.binary', ({ args }) => result({ args }));
      const there = await foreign.call('com.example.ours.binary', { args: [binary], kwargs: {} });
      expect(bytesOf(there.args[0])).toEqual([...binary]);
      await foreign.registerEcho('com.example.its.binary', 'exact');
      const back = await ours.call('com.example.its.binary', { args: [binary] });
      expect(bytesOf(back.args[0])).toEqual([...binary]);
    });

  test('BP-RPC-04: errors cross both ways with URI and payload', async () => {
    await ours.register('com.example.ours.fails', () => {
      throw new RequestError('no', failure);
    });
    expect(await foreign.call('com.example.ours.fails', { args: [], kwargs: {} })).toEqual(failure);
    await foreign.registerFailing('com.example.its.fails', failure);
    const error: unknown = await ours.call('com.example.its.fails').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject(failure);
  });

  test('BP-RPC-03: its call of nothing is answered with no_such_procedure', async () => {
    const answer = await foreign.call('com.example.nothing', { args: [], kwargs: {} });
    expect(answer).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });

  test.each(['prefix', 'wildcard'] as const)('PREG-01: it registers a %s pattern', async (match) => {
    const uri = `com.example.its.${match}`;
    await foreign.registerEcho(match === 'prefix' ? uri : `${uri}..echo`, match);
    const { args } = await ours.call(`${uri}.one.echo`, { args: [1] });
    expect(args).toEqual([1]);
  });

  test.each(['exact', 'prefix', 'wildcard'] as const)(
    'PSUB-01: events cross both ways, %s',
    async (match) => {
      const topic = `com.example.${match}.topic`;
      const pattern = { exact: topic, prefix: `com.example.${match}`, wildcard: `com..${match}.topic` }[
        match
      ];
      const uri = match === 'wildcard' ? `com.some.${match}.topic` : topic;
      const [theirs, mine]: ForeignPayload[][] = [[], []];
      await foreign.subscribe(pattern, match, (event) => theirs.push(event));
      await ours.subscribe(pattern, ({ args, kwargs }) => void mine.push({ args, kwargs }), { match });

      await ours.publish(uri, values, { acknowledge: true });
      await vi.waitFor(() => expect(theirs).toEqual([values]));
      await foreign.publish(uri, values);
      await vi.waitFor(() => expect(mine).toEqual([values]));
    },
  );

  test('BP-SESS-06: it leaves with GOODBYE and is gone', async () => {
    const guest = await kind.connect({ ...cell, address: router.address, realm: 'realm1' });
    await guest.close();
    await vi.waitFor(async () => {
      const { value } = await ours.call('wamp.session.list');
      expect(value).not.toContain(guest.session);
    });
  });
}

function bytesOf(value: unknown): number[] {
  expect(value).toBeInstanceOf(Uint8Array);
  return [...(value as Uint8Array)];
}
