import { Call, Cancel, ErrorMessage, ErrorUri, Payload, Result } from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { CallError, CallResult, CanceledError, TimeoutError } from '../exports.js';
import type { CallOptions } from '../options.js';
import { joinScripted, ManualClock } from '../testing.js';

async function call(options?: CallOptions, extra: Parameters<typeof joinScripted>[0] = {}) {
  const { client, router } = await joinScripted(extra);
  const calling = client.call('com.example.add', { args: [2, 3], kwargs: { a: null } }, options);
  calling.catch(() => {});
  const message = await router.expect(Call);
  const answer = (...values: unknown[]) => router.send(new Result(message.request, {}, Payload.of(values)));
  const refuse = (uri: string, payload = Payload.empty) =>
    router.send(new ErrorMessage(48, message.request, {}, uri, payload));
  return { client, router, calling, message, answer, refuse };
}

describe('BP-RPC-07: call', () => {
  test('sends procedure, args and kwargs as given', async () => {
    const { message } = await call();
    expect(message.procedure).toBe('com.example.add');
    expect([message.payload.args(), message.payload.kwargs()]).toEqual([[2, 3], { a: null }]);
    expect(message.options).toEqual({});
  });

  test.each([
    [[], undefined],
    [[0], 0],
    [[[1, 2]], [1, 2]],
    [[1, 2], 1],
  ])('the shape of the result does not depend on the data: %j', async (args, value) => {
    const { calling, answer } = await call();
    answer(...args);
    const result = await calling;
    expect(result).toBeInstanceOf(CallResult);
    expect(result).toEqual({ args, kwargs: {}, details: {} });
    expect(result.value).toEqual(value);
  });

  test('several calls may be open; results come in any order', async () => {
    const { client, router } = await joinScripted();
    const results = Promise.all([client.call('a'), client.call('b')]);
    const [first, second] = [await router.expect(Call), await router.expect(Call)];
    router.send(
      new Result(second.request, {}, Payload.of(['b'])),
      new Result(first.request, {}, Payload.of(['a'])),
    );
    expect((await results).map(({ value }) => value)).toEqual(['a', 'b']);
  });

  test('BP-RPC-04: ERROR becomes CallError with uri, args, kwargs and details', async () => {
    const { calling, router, message } = await call();
    router.send(
      new ErrorMessage(48, message.request, { x: 1 }, 'com.example.no', Payload.of(['why', 2], { k: 3 })),
    );
    const error = await calling.catch((reason) => reason);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      uri: 'com.example.no',
      args: ['why', 2],
      kwargs: { k: 3 },
      details: { x: 1 },
    });
    expect(error.message).toBe('call "com.example.add": com.example.no: why');
  });

  test('TMO-01, CID-02: options go by the names of the spec, and custom ones as they are', async () => {
    const { message } = await call({
      disclose_me: false,
      timeout: 1.5,
      _trace: { id: 1 },
      signal: undefined,
    });
    expect(message.options).toEqual({ disclose_me: false, timeout: 2, _trace: { id: 1 } });
  });

  test('a progressive result that was not asked for is no final one (A8)', async () => {
    const { calling, router, message, answer } = await call();
    router.send(new Result(message.request, { progress: true }, Payload.of([1])));
    answer(2);
    expect((await calling).value).toBe(2);
  });
});

describe('CAN: canceling by signal', () => {
  test.each([
    [undefined, 'killnowait'],
    ['killnowait', 'killnowait'],
    ['skip', 'skip'],
  ] as const)(
    'mode %s: CANCEL %s, CanceledError at once, the late answer is dropped',
    async (cancelMode, mode) => {
      const controller = new AbortController();
      const { calling, client, router, refuse, message } = await call({
        signal: controller.signal,
        cancelMode,
      });
      expect(message.options).toEqual({});
      controller.abort('enough');
      const cancel = await router.expect(Cancel);
      expect([cancel.request, cancel.options]).toEqual([message.request, { mode }]);
      await expect(calling).rejects.toBeInstanceOf(CanceledError);
      await expect(calling).rejects.toMatchObject({ cause: 'enough', uri: ErrorUri.Canceled });
      refuse(ErrorUri.Canceled);
      const next = client.call('b');
      router.send(new Result((await router.expect(Call)).request, {}));
      await next;
    },
  );

  describe('CAN-03: mode kill waits for the answer of the callee', () => {
    async function kill() {
      const controller = new AbortController();
      const parts = await call({ signal: controller.signal, cancelMode: 'kill', timeout: 100 }, { clock });
      controller.abort('enough');
      expect((await parts.router.expect(Cancel)).options).toEqual({ mode: 'kill' });
      return parts;
    }
    const clock = new ManualClock();

    test('ERROR canceled: CanceledError', async () => {
      const { calling, refuse } = await kill();
      refuse(ErrorUri.Canceled);
      await expect(calling).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
    });

    test('another ERROR: CallError', async () => {
      const { calling, refuse } = await kill();
      refuse('com.example.no');
      await expect(calling).rejects.toMatchObject({ name: 'CallError', uri: 'com.example.no' });
    });

    test('RESULT: the result', async () => {
      const { calling, answer } = await kill();
      answer(5);
      expect((await calling).value).toBe(5);
    });

    test('nothing: the timeout still ends it', async () => {
      const { calling, router } = await kill();
      clock.advance(100);
      expect((await router.expect(Cancel)).options).toEqual({ mode: 'killnowait' });
      await expect(calling).rejects.toBeInstanceOf(TimeoutError);
    });
  });

  test('a signal aborted before: nothing is sent', async () => {
    const { client, router } = await joinScripted();
    const signal = AbortSignal.abort('no');
    await expect(client.call('a', {}, { signal })).rejects.toMatchObject({
      name: 'CanceledError',
      cause: 'no',
    });
    await client.publish('a');
    expect((await router.next()).code).toBe(16);
  });

  test('a signal aborted after the end sends nothing', async () => {
    const controller = new AbortController();
    const { calling, client, router, answer } = await call({ signal: controller.signal });
    answer(1);
    await calling;
    controller.abort();
    await client.publish('a');
    expect((await router.next()).code).toBe(16);
  });

  test('BP-RPC-06: canceled by the router, not by us, is a CallError', async () => {
    const { calling, refuse } = await call();
    refuse(ErrorUri.Canceled, Payload.of(['the callee is gone']));
    await expect(calling).rejects.toMatchObject({ name: 'CallError', uri: ErrorUri.Canceled });
  });
});

describe('TMO-06: timeout', () => {
  test('ends the call here: CANCEL killnowait, TimeoutError, no timer left', async () => {
    const clock = new ManualClock();
    const { calling, router } = await call({ timeout: 250 }, { clock });
    clock.advance(249);
    expect(router.received).toEqual([]);
    clock.advance(1);
    expect((await router.expect(Cancel)).options).toEqual({ mode: 'killnowait' });
    await expect(calling).rejects.toBeInstanceOf(TimeoutError);
    expect(clock.timers).toBe(0);
  });

  test('PCR-07: restarts on each progressive result', async () => {
    const clock = new ManualClock();
    const { calling, router, message, answer } = await call({ timeout: 250 }, { clock });
    for (let n = 0; n < 3; n++) {
      clock.advance(200);
      router.send(new Result(message.request, { progress: true }));
      await Promise.resolve();
      await Promise.resolve();
    }
    answer(1);
    expect((await calling).value).toBe(1);
    expect(clock.timers).toBe(0);
  });

  test('TMO-03: the timeout of the router is a TimeoutError too, its ERROR the cause', async () => {
    const { calling, refuse } = await call({ timeout: 250 }, { clock: new ManualClock() });
    refuse(ErrorUri.Timeout);
    await expect(calling).rejects.toMatchObject({ name: 'TimeoutError', cause: expect.any(CallError) });
  });

  test.each([0, Number.POSITIVE_INFINITY])('%s is none', async (timeout) => {
    const clock = new ManualClock();
    await call({ timeout }, { clock });
    expect(clock.timers).toBe(0);
  });
});
