import { type Client, result } from '@wampkit/client';
import { type KeyRing, keyRing } from '@wampkit/client/e2ee';
import { meta } from '@wampkit/client/meta';
import { type PassthruOptions, passthru } from '@wampkit/client/passthru';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { serializers, startRouter, type TestRouter } from '../src/start-router.js';
import { type Cell, cells, joinAt } from './ends.js';

const payload = {
  args: [null, 1.5, 2 ** 40, 'ünïcode ☃', new Uint8Array([0, 255]), [1, [2]]],
  kwargs: { nested: { list: [{ a: 1 }] } },
};
const secret = new Uint8Array(32).fill(1);
const keys = (cipher: 'xsalsa20poly1305' | 'aes256gcm'): KeyRing =>
  keyRing([{ uri: 'com.example.', keys: [{ id: 'k1', secret, cipher }] }]);

const ways: readonly {
  readonly name: string;
  readonly options: PassthruOptions;
  readonly payloads: () => ReturnType<typeof passthru>;
}[] = [
  ...(['json', 'msgpack', 'cbor'] as const).map((name) => ({
    name: `x_test in ${name}`,
    options: { ppt_scheme: 'x_test', ppt_serializer: name },
    payloads: () => passthru({ serializers: [serializers.msgpack, serializers.cbor] }),
  })),
  { name: 'mqtt', options: { ppt_scheme: 'mqtt' }, payloads: () => passthru() },
  { name: 'xsalsa20poly1305', options: {}, payloads: () => keys('xsalsa20poly1305') },
  { name: 'aes256gcm', options: {}, payloads: () => keys('aes256gcm') },
];
const pairs = cells.filter(({ name }) => /^(ws.*ws|memory -> memory|tcp\/cbor -> tcp\/json)/.test(name));

describe.each(ways)('payloads in $name', ({ options, payloads }) => {
  describe.each(pairs)('$name', (cell: Cell) => {
    let router: TestRouter;
    let caller: Client;
    let callee: Client;

    beforeAll(async () => {
      router = await startRouter();
      [caller, callee] = await Promise.all([
        joinAt(router, cell.caller, { payloads: payloads() }),
        joinAt(router, cell.callee, { payloads: payloads() }),
      ]);
    });
    afterAll(async () => {
      await Promise.all([caller?.close(), callee?.close()]);
      await router?.[Symbol.asyncDispose]();
    });

    test('PPT-02, PPT-05: a call, its result, and its error', async () => {
      await callee.register('com.example.echo', ({ args, kwargs }) => result({ args, kwargs }));
      await callee.register('com.example.fails', ({ args, kwargs }) => {
        throw Object.assign(new Error('no'), { uri: 'com.example.error', args, kwargs });
      });
      const { args, kwargs, details } = await caller.call('com.example.echo', payload, options);
      expect({ args, kwargs }).toEqual(payload);
      expect(details).toMatchObject({ ppt_scheme: expect.any(String) });
      const failing = caller.call('com.example.fails', payload, options);
      await expect(failing).rejects.toMatchObject({ uri: 'com.example.error', ...payload });
    });

    test('PPT-02, PCR-04, PCI-04: chunks and progressive results', async () => {
      await callee.register('com.example.double', async function* ({ chunks }) {
        for await (const { value } of chunks) yield Number(value) * 2;
        return 'done';
      });
      async function* numbers() {
        for (let n = 1; n <= 3; n++) yield { args: [n] };
      }
      const stream = caller.stream('com.example.double', numbers(), options);
      const values: unknown[] = [];
      for await (const { value } of stream) values.push(value);
      expect([values, (await stream.result).value]).toEqual([[2, 4, 6], 'done']);
    });

    test('PPT-02, RET-03: events, of patterns and retained ones too', async () => {
      const taken: unknown[] = [];
      const take = ({ args, kwargs }: { args: unknown; kwargs: unknown }) => taken.push({ args, kwargs });
      await callee.subscribe('com.example.topic', take);
      await callee.subscribe('com.example.', take, { match: 'prefix' });
      await caller.publish('com.example.topic', payload, { ...options, acknowledge: true, retain: true });
      await callee.subscribe('com.example.topic', take, { get_retained: true });
      await vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(3));
      expect(taken).toEqual(taken.map(() => payload));
    });
  });
});

describe('what is encrypted beside calls and events', () => {
  let router: TestRouter;
  let clients: Client[] = [];
  beforeAll(async () => {
    router = await startRouter({ history: [{ topic: 'com.example.', match: 'prefix', limit: 10 }] });
    const join = (payloads?: KeyRing) =>
      joinAt(router, { scheme: 'ws', serializer: 'json' }, payloads === undefined ? {} : { payloads });
    clients = await Promise.all([join(keys('aes256gcm')), join(keys('aes256gcm')), join()]);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await router?.[Symbol.asyncDispose]();
  });

  test('PPT-02, TEST-04: a testament', async () => {
    const [publisher, subscriber] = clients as [Client, Client];
    const taken: unknown[] = [];
    await subscriber.subscribe('com.example.gone', ({ value }) => taken.push(value));
    const leaver = await joinAt(
      router,
      { scheme: 'ws', serializer: 'cbor' },
      { payloads: keys('aes256gcm') },
    );
    const { sessions } = meta(leaver);
    await sessions.addTestament('com.example.gone', { args: ['bye'] }, { publish: { retain: true } });
    await leaver.close();
    await vi.waitFor(() => expect(taken).toEqual(['bye']));
    expect(publisher.status).toBe('joined');
  });

  test('PPT-02, HIST-05: an event of a history', async () => {
    const [publisher] = clients as [Client];
    await publisher.publish('com.example.kept', { args: ['secret'] }, { acknowledge: true });
    const { subscriptions } = meta(publisher);
    const id = await subscriptions.lookup('com.example.', { match: 'prefix' });
    const events = await subscriptions.history(id as number, { topic: 'com.example.kept' });
    const [{ details, args }] = events as [(typeof events)[number]];
    expect(JSON.stringify(args)).not.toContain('secret');
    expect(keys('aes256gcm').open('com.example.kept', details, { args }).args).toEqual(['secret']);
  });

  test('PPT-08: whoever has no key sees bytes, and cannot make any up', async () => {
    const [publisher, subscriber, stranger] = clients as [Client, Client, Client];
    const [seen, taken]: unknown[][] = [[], []];
    await stranger.subscribe('com.example.private', ({ args }) => seen?.push(args));
    await subscriber.subscribe('com.example.private', ({ args }) => taken?.push(args));
    await stranger.publish('com.example.private', { args: ['made up'] }, { acknowledge: true });
    await publisher.publish('com.example.private', { args: ['true'] }, { acknowledge: true });
    await vi.waitFor(() => expect(taken).toEqual([['true']]));
    await vi.waitFor(() => expect(seen).toEqual([[expect.any(Uint8Array)]]));
    await subscriber.register('com.example.procedure', () => 'secret');
    await expect(stranger.call('com.example.procedure', { args: [1] })).rejects.toMatchObject({
      uri: 'wamp.error.invalid_argument',
    });
    const { args } = await publisher.call('com.example.procedure');
    expect(args).toEqual(['secret']);
  });
});
