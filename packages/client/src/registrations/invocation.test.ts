import {
  Call,
  ErrorMessage,
  ErrorUri,
  Interrupt,
  Invocation,
  Payload,
  Publish,
  Result,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { CallError, type InvocationContext, type InvocationHandler, result } from '../exports.js';
import { ManualClock, type ScriptedPeer } from '../testing.js';
import { answerRegister, invoke, registered } from './testing/registered.js';

describe('BP-RPC-04: what a procedure returns', () => {
  test.each<[string, InvocationHandler, unknown[], object]>([
    ['a value', ({ value }) => value, [7], {}],
    ['a promise', async ({ value }) => value, [7], {}],
    ['undefined: no argument', () => undefined, [], {}],
    ['null, 0, empty string, false are values', () => null, [null], {}],
    ['a list: one argument', () => [1, 2], [[1, 2]], {}],
    ['an object: one argument', () => ({ args: [1] }), [{ args: [1] }], {}],
    ['result(): the full shape', () => result({ args: [1, 2], kwargs: { k: 3 } }), [1, 2], { k: 3 }],
    [
      'a generator that yields nothing',
      async function* ({ value }) {
        if (value === undefined) yield 1;
        return 5;
      },
      [5],
      {},
    ],
  ])('%s', async (_name, handler, args, kwargs) => {
    const { router } = await registered(handler);
    router.send(invoke(1, [7]));
    const answer = await router.expect(Yield);
    expect([answer.request, answer.options]).toEqual([1, {}]);
    expect([answer.payload.args(), answer.payload.kwargs()]).toEqual([args, kwargs]);
  });

  test('the result of another call is handed on whole', async () => {
    const { client, router } = await registered(() => client.call('other'));
    router.send(invoke(1));
    const { request } = await router.expect(Call);
    router.send(new Result(request, {}, Payload.of([1, 2], { k: 3 })));
    const { payload } = await router.expect(Yield);
    expect([payload.args(), payload.kwargs()]).toEqual([[1, 2], { k: 3 }]);
  });
});

test('PREG-06, CID-02: the invocation tells args, kwargs, details and the procedure called', async () => {
  const seen: InvocationContext[] = [];
  const { router } = await registered((invocation) => void seen.push(invocation), { match: 'prefix' });
  router.send(
    new Invocation(1, 6, { procedure: 'com.example.p.q', caller: 9 }, Payload.of([1], { k: 2 })),
    invoke(2),
  );
  await router.expect(Yield);
  await router.expect(Yield);
  expect(seen[0]).toMatchObject({ args: [1], kwargs: { k: 2 }, value: 1, procedure: 'com.example.p.q' });
  expect(seen[0]?.details.caller).toBe(9);
  expect(seen[1]).toMatchObject({ args: [], kwargs: {}, procedure: 'com.example.p' });
});

describe('BP-RPC-04, BP-RPC-08: what a procedure throws', () => {
  const table: [string, unknown, string, unknown[], object, boolean][] = [
    ['an Error: its message', new Error('boom'), ErrorUri.RuntimeError, ['boom'], {}, true],
    ['a string', 'boom', ErrorUri.RuntimeError, ['boom'], {}, true],
    ['nothing', undefined, ErrorUri.RuntimeError, ['undefined'], {}, true],
    [
      'a CallError',
      new CallError('no', { uri: 'com.example.no', args: [1], kwargs: { k: 2 } }),
      'com.example.no',
      [1],
      { k: 2 },
      false,
    ],
    [
      'a WampError with a uri: its message',
      new WampError('no', { uri: 'com.example.no' }),
      'com.example.no',
      ['no'],
      {},
      false,
    ],
    [
      'an object with a uri',
      { uri: 'com.example.no', kwargs: { k: 1 } },
      'com.example.no',
      [],
      { k: 1 },
      false,
    ],
    ['an object with a bad uri', { uri: 'not a uri', message: 'm' }, ErrorUri.RuntimeError, ['m'], {}, true],
    [
      'args of another type',
      { uri: 'com.example.no', args: 'x', kwargs: [] },
      'com.example.no',
      [],
      {},
      false,
    ],
  ];
  test.each(table)('%s', async (_name, thrown, uri, args, kwargs, reported) => {
    for (const handler of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      const onError = vi.fn();
      const { router } = await registered(handler, {}, { onError });
      router.send(invoke(1));
      const error = await router.expect(ErrorMessage);
      expect([error.requestType, error.request, error.error]).toEqual([68, 1, uri]);
      expect([error.payload.args(), error.payload.kwargs()]).toEqual([args, kwargs]);
      expect(onError).toHaveBeenCalledTimes(reported ? 1 : 0);
    }
  });

  test('a result that the transport cannot take becomes an ERROR', async () => {
    const { router, refuseNext } = await unserializable(() => 1n);
    refuseNext(1);
    router.send(invoke(1));
    const error = await router.expect(ErrorMessage);
    expect(error.error).toBe(ErrorUri.InvalidArgument);
    expect(error.payload.args()).toEqual(['args[0]: a bigint has no form in JSON']);
  });

  test('so does an ERROR whose arguments it cannot take', async () => {
    const { router, refuseNext } = await unserializable(() => {
      throw new CallError('no', { uri: 'com.example.no', args: [1n] });
    });
    refuseNext(1);
    router.send(invoke(1));
    const error = await router.expect(ErrorMessage);
    expect([error.error, error.payload.args()]).toEqual([
      'com.example.no',
      ['args[0]: a bigint has no form in JSON'],
    ]);
  });

  async function unserializable(handler: InvocationHandler) {
    const { ScriptedListener } = await import('../testing.js');
    const listener = new ScriptedListener();
    let refusals = 0;
    const connectPeer = async (url: string) => {
      const peer = await listener.connectPeer(url);
      const send = peer.send.bind(peer);
      peer.send = (message) =>
        refusals-- > 0
          ? new WampError('args[0]: a bigint has no form in JSON', { uri: ErrorUri.InvalidArgument })
          : send(message);
      return peer;
    };
    const { createConnect } = await import('../connection/connect.js');
    const joining = createConnect({ connectPeer, serializers: [] })('', {
      realm: 'realm1',
      reconnect: false,
    });
    const router = await listener.accept();
    await router.welcome();
    const registering = (await joining).register('a', handler);
    await answerRegister(router);
    await registering;
    return { router, refuseNext: (count: number) => void (refusals = count) };
  }
});

describe('PCR-04, PCR-05: progressive results', () => {
  async function* count({ value, signal }: InvocationContext) {
    for (let n = 1; n <= Number(value) && !signal.aborted; n++) yield n;
    return 'done';
  }

  async function answers(router: ScriptedPeer, number: number) {
    const seen = [];
    for (let n = 0; n < number; n++) {
      const { options, payload } = await router.expect(Yield);
      seen.push([payload.args()[0], options.progress ?? false]);
    }
    return seen;
  }

  test('yield is progress, return is final', async () => {
    const { router } = await registered(count);
    router.send(invoke(1, [2], { receive_progress: true }));
    expect(await answers(router, 3)).toEqual([
      [1, true],
      [2, true],
      ['done', false],
    ]);
  });

  test('PCR-03: who did not ask gets the final result alone', async () => {
    const { router } = await registered(count);
    router.send(invoke(1, [2]));
    expect(await answers(router, 1)).toEqual([['done', false]]);
    expect(router.received).toEqual([]);
  });

  test('invocation.progress does the same, and nothing once the invocation is over', async () => {
    let late: InvocationContext | undefined;
    const { client, router } = await registered((invocation) => {
      late = invocation;
      expect(invocation.receivesProgress).toBe(true);
      expect(invocation.progress(result({ args: ['half'] }))).toBe(true);
      return 'done';
    });
    router.send(invoke(1, [], { receive_progress: true }));
    expect(await answers(router, 2)).toEqual([
      ['half', true],
      ['done', false],
    ]);
    expect(late?.progress('late')).toBe(false);
    await client.publish('flush');
    await router.expect(Publish);
  });

  test('a generator that throws, and a plain one', async () => {
    const { router } = await registered(function* () {
      yield 1;
      throw new CallError('no', { uri: 'com.example.no' });
    });
    router.send(invoke(1, [], { receive_progress: true }));
    await router.expect(Yield);
    expect((await router.expect(ErrorMessage)).error).toBe('com.example.no');
  });

  test.each(['kill', 'killnowait'])(
    'PCR-06: INTERRUPT %s ends a generator, its finally runs',
    async (mode) => {
      const cleaned = vi.fn();
      let step = () => {};
      const { client, router } = await registered(async function* () {
        try {
          for (let n = 1; ; n++) {
            yield n;
            await new Promise<void>((resolve) => {
              step = resolve;
            });
          }
        } finally {
          cleaned();
        }
      });
      router.send(invoke(1, [], { receive_progress: true }));
      await router.expect(Yield);
      router.send(new Interrupt(1, { mode }));
      await client.publish('flush');
      await router.expect(Publish);
      step();
      await vi.waitFor(() => expect(cleaned).toHaveBeenCalledOnce());
      if (mode === 'kill') expect((await router.expect(ErrorMessage)).error).toBe(ErrorUri.Canceled);
      await client.publish('flush');
      await router.expect(Publish);
    },
  );
});

describe('CAN-09: INTERRUPT', () => {
  async function interrupted(mode: string, reason?: string) {
    let reasonSeen: unknown;
    const { client, router } = await registered(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            reasonSeen = signal.reason;
            reject(signal.reason);
          }),
        ),
    );
    router.send(invoke(1), new Interrupt(1, reason === undefined ? { mode } : { mode, reason }));
    await client.publish('flush');
    await vi.waitFor(() => expect(reasonSeen).toBeDefined());
    return { router, reason: reasonSeen };
  }

  test('kill: the signal aborts, what the procedure throws on is the ERROR', async () => {
    const { router, reason } = await interrupted('kill');
    expect(reason).toMatchObject({ name: 'CanceledError', uri: ErrorUri.Canceled });
    await router.expect(Publish);
    expect((await router.expect(ErrorMessage)).error).toBe(ErrorUri.Canceled);
  });

  test('killnowait: the signal aborts, and no answer is sent', async () => {
    const { router } = await interrupted('killnowait');
    await router.expect(Publish);
    expect(router.received).toEqual([]);
  });

  test('CAN-08: the reason is told', async () => {
    expect((await interrupted('kill', ErrorUri.Timeout)).reason).toMatchObject({ uri: ErrorUri.Timeout });
  });

  test('kill of a procedure that does not listen: its result is the answer', async () => {
    let finish = (_value: unknown) => {};
    const { router } = await registered(() => new Promise((resolve) => (finish = resolve)));
    router.send(invoke(1), new Interrupt(1, { mode: 'kill' }));
    await vi.waitFor(() => {
      finish('done');
      expect(router.received).toHaveLength(1);
    });
    expect((await router.expect(Yield)).payload.args()).toEqual(['done']);
  });
});

test('TMO-05: a timeout that the router hands on ends the invocation with ERROR timeout and aborts the signal', async () => {
  const clock = new ManualClock();
  let signal: AbortSignal | undefined;
  const { router } = await registered(
    (invocation) => {
      signal = invocation.signal;
      return new Promise(() => {});
    },
    { forward_timeout: true },
    { clock },
  );
  router.send(invoke(1, [], { timeout: 50 }));
  await vi.waitFor(() => expect(clock.timers).toBe(1));
  clock.advance(50);
  expect((await router.expect(ErrorMessage)).error).toBe(ErrorUri.Timeout);
  expect(signal?.reason).toMatchObject({ name: 'TimeoutError' });
});

test('the end of the session aborts what runs, and nothing of it is sent later', async () => {
  let signal: AbortSignal | undefined;
  const { client, router, registration } = await registered((invocation) => {
    signal = invocation.signal;
    return new Promise(() => {});
  });
  router.send(invoke(1));
  await vi.waitFor(() => expect(signal).toBeDefined());
  router.close();
  await client.closed;
  expect(signal?.reason).toMatchObject({ name: 'ConnectionLostError' });
  expect(await registration.ended).toMatchObject({ type: 'failed' });
});
