import {
  Call,
  Cancel,
  ErrorMessage,
  ErrorUri,
  Interrupt,
  Invocation,
  Payload,
  Publish,
  Result,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { CallError, type InvocationHandler } from '../exports.js';
import { registered } from '../registrations/testing/registered.js';
import { joinScripted } from '../testing.js';

describe('a call in chunks', () => {
  test('PCI-01, PCI-04, PCI-09: one id, the options once, the last without progress', async () => {
    const { client, router } = await joinScripted();
    const calling = client.call(
      'com.example.sum',
      (async function* () {
        yield { args: [1] };
        yield { kwargs: { k: 2 } };
        return { args: [3] };
      })(),
      { timeout: 1000 },
    );
    const calls = [await router.expect(Call), await router.expect(Call), await router.expect(Call)];
    expect(calls.map(({ request, options, payload }) => [request, options, payload.args()])).toEqual([
      [calls[0]?.request, { timeout: 1000, progress: true }, [1]],
      [calls[0]?.request, { progress: true }, []],
      [calls[0]?.request, {}, [3]],
    ]);
    expect(calls[1]?.payload.kwargs()).toEqual({ k: 2 });
    router.send(new Result(calls[0]?.request as number, {}, Payload.of([6])));
    expect((await calling).value).toBe(6);
  });

  test('PCI-11: with progressive results; the end of a source without return is an empty last chunk', async () => {
    const { client, router } = await joinScripted();
    const stream = client.stream(
      'com.example.echo',
      (async function* () {
        yield { args: [1] };
      })(),
    );
    const { request, options } = await router.expect(Call);
    expect(options).toEqual({ receive_progress: true, progress: true });
    router.send(new Result(request, { progress: true }, Payload.of([1])));
    const last = await router.expect(Call);
    expect([last.options, last.payload.args()]).toEqual([{}, []]);
    router.send(new Result(request, {}, Payload.of(['done'])));
    const values = [];
    for await (const { value } of stream) values.push(value);
    expect([values, (await stream.result).value]).toEqual([[1], 'done']);
  });

  /** A source that gives one chunk, then hangs until it is told to stop. */
  function hanging() {
    const stop = vi.fn(async () => ({ done: true as const, value: undefined }));
    let given = false;
    const next = () => {
      if (given) return new Promise<never>(() => {});
      given = true;
      return Promise.resolve({ done: false as const, value: { args: [1] } });
    };
    return { stop, source: { [Symbol.asyncIterator]: () => ({ next, return: stop }) } };
  }

  test('PCI-07: a call that is over takes no more chunks', async () => {
    const { client, router } = await joinScripted();
    const { source, stop } = hanging();
    const calling = client.call('com.example.p', source);
    router.send(new Result((await router.expect(Call)).request, {}, Payload.of([7])));
    expect((await calling).value).toBe(7);
    expect(stop).toHaveBeenCalledOnce();
  });

  test.each(['killnowait', 'kill'] as const)(
    'aborting sends CANCEL %s and stops the source',
    async (mode) => {
      const { client, router } = await joinScripted();
      const { source, stop } = hanging();
      const controller = new AbortController();
      const calling = client.call('com.example.p', source, { signal: controller.signal, cancelMode: mode });
      const { request } = await router.expect(Call);
      controller.abort();
      expect((await router.expect(Cancel)).options).toEqual({ mode });
      expect(stop).toHaveBeenCalledOnce();
      router.send(new ErrorMessage(48, request, {}, ErrorUri.Canceled));
      await expect(calling).rejects.toMatchObject({ name: 'CanceledError' });
    },
  );

  test('a source that throws cancels the call, which rejects with it; before the first chunk nothing is sent', async () => {
    const { client, router } = await joinScripted();
    const boom = new Error('boom');
    async function* failing(chunks: number) {
      for (let n = 0; n < chunks; n++) yield { args: [n] };
      throw boom;
    }
    await expect(client.call('com.example.p', failing(0))).rejects.toBe(boom);
    await expect(client.call('com.example.p', failing(1))).rejects.toBe(boom);
    await router.expect(Call);
    await router.expect(Cancel);
  });

  test('the end of the session rejects it, before the first chunk too', async () => {
    const { client, router } = await joinScripted();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const calling = [client.call('com.example.p', never), client.call('com.example.q', hanging().source)];
    const settled = Promise.allSettled(calling);
    await router.expect(Call);
    router.close();
    expect(await settled).toMatchObject([
      { reason: { name: 'ConnectionLostError', sent: false } },
      { reason: { name: 'ConnectionLostError', sent: true } },
    ]);
  });
});

describe('an invocation in chunks', () => {
  const registeredQuietly = (handler: InvocationHandler) => registered(handler, {}, { onError: () => {} });
  const chunk = (value: unknown, more: boolean, request = 1) =>
    new Invocation(
      request,
      6,
      more ? { progress: true } : {},
      value === undefined ? Payload.empty : Payload.of([value]),
    );
  const collect: InvocationHandler = async ({ chunks, args }) => {
    const values: unknown[] = [];
    for await (const { value } of chunks) values.push(value);
    return [args, values];
  };

  test.each<[string, Invocation[], unknown[]]>([
    ['several', [chunk(1, true), chunk(2, true), chunk(3, false)], [[1], [1, 2, 3]]],
    ['an empty last one ends it', [chunk(1, true), chunk(undefined, false)], [[1], [1]]],
    ['an empty one on the way is one', [chunk(undefined, true), chunk(2, false)], [[], [undefined, 2]]],
    ['of a plain call: its arguments', [chunk(1, false)], [[1], [1]]],
    ['of a plain call without arguments: none', [chunk(undefined, false)], [[], []]],
  ])('PCI-04: %s', async (_name, messages, expected) => {
    const { router } = await registeredQuietly(collect);
    router.send(...messages);
    expect((await router.expect(Yield)).payload.args()).toEqual([expected]);
    expect(router.received).toEqual([]);
  });

  test('PCI-08: chunks of a finished invocation are discarded without a reply', async () => {
    const handler = vi.fn(() => 'early');
    const { client, router } = await registeredQuietly(handler);
    router.send(chunk(1, true));
    await router.expect(Yield);
    router.send(chunk(2, true), chunk(3, false));
    await client.publish('flush');
    await router.expect(Publish);
    expect(handler).toHaveBeenCalledOnce();
    router.send(chunk(4, false, 2));
    expect((await router.expect(Yield)).request).toBe(2);
  });

  test('CAN-09: INTERRUPT ends the iteration with the reason', async () => {
    let seen: unknown;
    const { router } = await registeredQuietly(async ({ chunks, signal }) => {
      try {
        for await (const _ of chunks);
      } catch (error) {
        seen = [error === signal.reason];
        throw new CallError('no', { uri: 'com.example.stopped' });
      }
    });
    router.send(chunk(1, true), new Interrupt(1, { mode: 'kill' }));
    expect((await router.expect(ErrorMessage)).error).toBe('com.example.stopped');
    expect(seen).toEqual([true]);
  });

  test('more chunks than are held for a procedure that takes none: an ERROR', async () => {
    const { router } = await registeredQuietly(() => new Promise(() => {}));
    for (let n = 0; n <= 10_000; n++) router.send(chunk(n, true));
    expect((await router.expect(ErrorMessage)).error).toBe(ErrorUri.RuntimeError);
  });
});
