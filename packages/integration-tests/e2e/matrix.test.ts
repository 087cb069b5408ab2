import { CallError, type Client, RequestError, result } from '@wampkit/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { type Cell, cells, joinAt } from './ends.js';

const plain = {
  args: [null, true, false, 0, -1, 1.5, -0.125, 1e300, '', 'ünïcode ☃ 𝄞 \u0001', [1, [2, [3, [null]]]], {}],
  kwargs: { nested: { list: [{ a: 1 }, { b: [] }], 'key ☃': null } },
};
const integers = {
  args: [2 ** 31, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  kwargs: {},
};
const wide = { args: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 53n + 1n], kwargs: {} };
const bignums = { args: [2n ** 64n, -(2n ** 64n) - 1n, 2n ** 200n], kwargs: {} };
const binary = { args: [Uint8Array.from([0, 1, 127, 128, 255]), new Uint8Array(0)], kwargs: {} };
const failure = {
  uri: 'com.example.error.failed',
  args: ['why', null, 2 ** 40],
  kwargs: { hint: { a: [1] } },
};

describe.each(cells)('$name', (cell: Cell) => {
  let router: TestRouter;
  let caller: Client;
  let callee: Client;

  beforeAll(async () => {
    router = await startRouter();
    [caller, callee] = await Promise.all([joinAt(router, cell.caller), joinAt(router, cell.callee)]);
    await callee.register('com.example.echo', ({ args, kwargs }) => result({ args, kwargs }));
  });
  afterAll(async () => {
    await Promise.all([caller?.close(), callee?.close()]);
    await router?.[Symbol.asyncDispose]();
  });

  const echo = async (payload: { args: readonly unknown[]; kwargs: Record<string, unknown> }) => {
    const { args, kwargs } = await caller.call('com.example.echo', payload);
    return { args, kwargs };
  };

  test.each(Object.entries({ plain, integers, binary, wide, bignums }))(
    'BP-SER-04: a call carries %s values',
    async (_name, payload) => {
      expect(await echo(payload)).toEqual(payload);
    },
  );

  test('BP-RPC-04: an error carries URI and payload', async () => {
    await callee.register('com.example.fails', () => {
      throw new RequestError('no', failure);
    });
    const error: unknown = await caller.call('com.example.fails').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject(failure);
  });

  test('PCR-04: progressive results arrive in order, then the result', async () => {
    await callee.register('com.example.count', async function* ({ args }) {
      for (let i = 1; i <= (args[0] as number); i++) yield i;
      return 'done';
    });
    const stream = caller.stream('com.example.count', { args: [5] });
    const counted: unknown[] = [];
    for await (const progress of stream) counted.push(progress.value);
    expect(counted).toEqual([1, 2, 3, 4, 5]);
    expect((await stream.result).value).toBe('done');
  });

  test.each([
    ['exact', 'com.example.one.topic'],
    ['prefix', 'com.example.one'],
    ['wildcard', 'com..one.topic'],
  ] as const)('PSUB-01, BP-PS-05: an event reaches a subscriber, %s', async (match, pattern) => {
    const events: unknown[] = [];
    const subscription = await callee.subscribe(
      pattern,
      ({ args, kwargs, details }) => void events.push({ args, kwargs, topic: details.topic }),
      { match },
    );
    const { id } = await caller.publish('com.example.one.topic', plain, { acknowledge: true });
    expect(id).toBeGreaterThan(0);
    const topic = match === 'exact' ? undefined : 'com.example.one.topic';
    await vi.waitFor(() => expect(events).toEqual([{ ...plain, topic }]));
    await subscription.unsubscribe();
  });
});
