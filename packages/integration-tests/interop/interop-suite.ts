import { CallError, type Client, connect, RequestError, result } from '@wampkit/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import type { Feature } from './feature.js';
import type { ForeignCell, ForeignClient, ForeignKind, ForeignPayload } from './foreign-client.js';
import { bigIntegers, binary, failure, plain, unicode } from './payloads.js';

/** Everything that a foreign client can do with our router and with our client, in each of its cells. */
export function interopSuite(kind: ForeignKind): void {
  describe.each(kind.cells)('$transport/$serializer', (cell) => cellSuite(kind, cell));
}

function cellSuite(kind: ForeignKind, cell: ForeignCell): void {
  let router: TestRouter;
  let ours: Client;
  let foreign: ForeignClient;
  const has = (feature: Feature) => cell.lacks?.[feature] === undefined;

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

  test('joins anonymously', { meta: { feature: 'join', lacks: cell.lacks } }, async () => {
    expect(foreign.session).toBeGreaterThan(0);
    const { value } = await ours.call('wamp.session.list');
    expect(value).toContain(foreign.session);
  });

  test('TICK-01: joins with a ticket, and not with a wrong one', {
    meta: { feature: 'ticket' },
  }, async () => {
    const options = { ...cell, address: router.address, realm: 'tickets' };
    const joe = await kind.connect({
      ...options,
      user: { method: 'ticket', authid: 'joe', secret: 'joe-ticket' },
    });
    expect(joe.session).toBeGreaterThan(0);
    await joe.close();
    const refused = kind.connect({ ...options, user: { method: 'ticket', authid: 'joe', secret: 'guess' } });
    await expect(refused).rejects.toThrow(/authentication_(denied|failed)|wrong ticket/);
  });

  test('BP-SER-04: its call reaches us, our result reaches it', { meta: { feature: 'call' } }, async () => {
    await ours.register('com.example.ours.echo', ({ args, kwargs }) => result({ args, kwargs }));
    expect(await foreign.call('com.example.ours.echo', plain)).toEqual(plain);
  });

  test('BP-SER-04: our call reaches it, its result reaches us', {
    meta: { feature: 'register' },
  }, async () => {
    await foreign.registerEcho('com.example.its.echo', 'exact');
    const { args, kwargs } = await ours.call('com.example.its.echo', plain);
    expect({ args, kwargs }).toEqual(plain);
  });

  const crosses = async (name: string, payload: ForeignPayload) => {
    await ours.register(`com.example.ours.${name}`, ({ args, kwargs }) => result({ args, kwargs }));
    expect(await foreign.call(`com.example.ours.${name}`, payload)).toEqual(payload);
    await foreign.registerEcho(`com.example.its.${name}`, 'exact');
    const { args, kwargs } = await ours.call(`com.example.its.${name}`, payload);
    expect({ args, kwargs }).toEqual(payload);
  };

  test('BP-SER-04: unicode crosses both ways', { meta: { feature: 'unicode' } }, () =>
    crosses('unicode', unicode),
  );

  if (has('binary'))
    test('JBIN-01: binary crosses both ways', { meta: { feature: 'binary' } }, () =>
      crosses('binary', binary),
    );

  if (has('big integers'))
    test('BP-SER-04: integers of 64 bits cross both ways', { meta: { feature: 'big integers' } }, () =>
      crosses('integers', bigIntegers),
    );

  test('BP-RPC-04: errors cross both ways with URI and payload', {
    meta: { feature: 'errors' },
  }, async () => {
    await ours.register('com.example.ours.fails', () => {
      throw new RequestError('no', failure);
    });
    expect(await foreign.call('com.example.ours.fails', { args: [], kwargs: {} })).toEqual(failure);
    await foreign.registerFailing('com.example.its.fails', failure);
    const error: unknown = await ours.call('com.example.its.fails').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject(failure);
  });

  test('BP-RPC-03: its call of nothing is answered with no_such_procedure', {
    meta: { feature: 'errors' },
  }, async () => {
    const answer = await foreign.call('com.example.nothing', { args: [], kwargs: {} });
    expect(answer).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });

  test.each(['prefix', 'wildcard'] as const)(
    'PREG-01: it registers a %s pattern',
    { meta: { feature: 'patterns' } },
    async (match) => {
      const uri = `com.example.its.${match}`;
      await foreign.registerEcho(match === 'prefix' ? uri : `${uri}..echo`, match);
      const { args } = await ours.call(`${uri}.one.echo`, { args: [1] });
      expect(args).toEqual([1]);
    },
  );

  for (const match of ['exact', 'prefix', 'wildcard'] as const)
    test(`PSUB-01: events cross both ways, ${match}`, {
      meta: { feature: match === 'exact' ? 'events' : 'patterns' },
    }, async () => {
      const topic = `com.example.${match}.topic`;
      const pattern = { exact: topic, prefix: `com.example.${match}`, wildcard: `com..${match}.topic` }[
        match
      ];
      const uri = match === 'wildcard' ? `com.some.${match}.topic` : topic;
      const [theirs, mine]: ForeignPayload[][] = [[], []];
      await foreign.subscribe(pattern, match, (event) => theirs.push(event));
      await ours.subscribe(pattern, ({ args, kwargs }) => void mine.push({ args, kwargs }), { match });

      await ours.publish(uri, plain, { acknowledge: true });
      await vi.waitFor(() => expect(theirs).toEqual([plain]));
      await foreign.publish(uri, plain);
      await vi.waitFor(() => expect(mine).toEqual([plain]));
    });

  test('BP-SESS-06: it leaves with GOODBYE and is gone', { meta: { feature: 'leave' } }, async () => {
    const guest = await kind.connect({ ...cell, address: router.address, realm: 'realm1' });
    await guest.close();
    await vi.waitFor(async () => {
      const { value } = await ours.call('wamp.session.list');
      expect(value).not.toContain(guest.session);
    });
  });
}
