import { type Client, connect, type RegisterOptions } from '@wampkit/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';

let router: TestRouter;
let clients: Client[] = [];

beforeEach(async () => {
  router = await startRouter();
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  await router[Symbol.asyncDispose]();
});

async function join(): Promise<Client> {
  const client = await connect('memory', { realm: 'realm1', peer: router.attachPeer() });
  clients.push(client);
  return client;
}

async function callees(policy: NonNullable<RegisterOptions['invoke']>): Promise<Client> {
  for (const name of ['a', 'b', 'c'])
    await (await join()).register('com.example.who', () => name, { invoke: policy });
  return join();
}

async function answers(caller: Client, count: number): Promise<unknown[]> {
  const values = [];
  for (let n = 0; n < count; n++) values.push((await caller.call('com.example.who')).value);
  return values;
}

test.each([
  ['roundrobin', ['a', 'b', 'c', 'a']],
  ['first', ['a', 'a', 'a', 'a']],
  ['last', ['c', 'c', 'c', 'c']],
] as const)('SHR-01, SHR-03: callees register with invoke=%s', async (policy, expected) => {
  expect(await answers(await callees(policy), 4)).toEqual(expected);
});

test('SHR-02: another policy is refused', async () => {
  await callees('random');
  const late = await join();
  await expect(late.register('com.example.who', () => 1)).rejects.toMatchObject({ name: 'RequestError' });
});

test('SHR-01: concurrency bounds what runs at one callee, and the rest waits', async () => {
  const [callee, caller] = [await join(), await join()];
  let [running, most] = [0, 0];
  await callee.register(
    'com.example.slow',
    async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    },
    { invoke: 'roundrobin', concurrency: 2 },
  );
  await Promise.all(Array.from({ length: 10 }, () => caller.call('com.example.slow')));
  expect([running, most]).toEqual([0, 2]);
});

test('RREV-03: force_reregister takes the procedure, and the callee before learns it', async () => {
  const [old, young, caller] = [await join(), await join(), await join()];
  const registration = await old.register('com.example.p', () => 'old');
  await expect(young.register('com.example.p', () => 'young')).rejects.toMatchObject({
    uri: 'wamp.error.procedure_already_exists',
  });
  await young.register('com.example.p', () => 'young', { force_reregister: true });
  expect(await registration.ended).toMatchObject({ type: 'revoked' });
  expect(registration.id).toBeNull();
  expect((await caller.call('com.example.p')).value).toBe('young');
});

test('TMO-03: the timeout ends the call, and aborts the signal of its callee', async () => {
  const [callee, caller] = [await join(), await join()];
  const aborted = vi.fn();
  await callee.register('com.example.never', ({ signal, details }) => {
    expect(details.timeout).toBeUndefined();
    signal.addEventListener('abort', aborted);
    return new Promise(() => {});
  });
  const calling = caller.call('com.example.never', {}, { timeout: 20 });
  await expect(calling).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce());
});

test('TMO-04, TMO-05: forward_timeout hands the timeout on, and the callee keeps it', async () => {
  const [callee, caller] = [await join(), await join()];
  const reasons: unknown[] = [];
  await callee.register(
    'com.example.never',
    ({ signal, details }) => {
      expect(details.timeout).toBe(20);
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return new Promise(() => {});
    },
    { forward_timeout: true },
  );
  const calling = caller.call('com.example.never', {}, { timeout: 20 });
  await expect(calling).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.waitFor(() => expect(reasons).toHaveLength(1));
});

test('RET-02, RET-03, RET-04: who asks gets the retained event', async () => {
  const [publisher, subscriber] = [await join(), await join()];
  await publisher.publish('com.example.state', { args: ['on'] }, { retain: true, acknowledge: true });
  const silent: unknown[] = [];
  const asked: unknown[] = [];
  await (await join()).subscribe('com.example.state', (event) => silent.push(event));
  await subscriber.subscribe(
    'com.example.state',
    ({ value, details }) => asked.push([value, details.retained]),
    { get_retained: true },
  );
  await vi.waitFor(() => expect(asked).toEqual([['on', true]]));
  expect(silent).toEqual([]);
});

test('PCI-04, PCI-11: a payload in chunks reaches the callee, and each is answered on its way', async () => {
  const [callee, caller] = [await join(), await join()];
  await callee.register('com.example.sum', async function* ({ chunks }) {
    let sum = 0;
    for await (const { value } of chunks) {
      sum += Number(value);
      yield sum;
    }
    return `${sum}`;
  });
  const stream = caller.stream(
    'com.example.sum',
    (async function* () {
      for (const n of [1, 2, 3]) yield { args: [n] };
      return { args: [4] };
    })(),
  );
  const sums = [];
  for await (const { value } of stream) sums.push(value);
  expect([sums, (await stream.result).value]).toEqual([[1, 3, 6, 10], '10']);
});

test('PCI-06, PCI-07: a callee that answers early stops the source of the chunks, one that leaves fails the call', async () => {
  const [callee, caller] = [await join(), await join()];
  const stopped = vi.fn();
  async function* endless() {
    try {
      for (let n = 0; ; n++) {
        yield { args: [n] };
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      stopped();
    }
  }
  await callee.register('com.example.first', ({ value }) => value);
  expect((await caller.call('com.example.first', endless())).value).toBe(0);
  await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
  const invoked = vi.fn(() => new Promise(() => {}));
  await callee.register('com.example.never', invoked);
  const calling = caller.call('com.example.never', endless());
  const failing = expect(calling).rejects.toMatchObject({ uri: 'wamp.error.canceled' });
  await vi.waitFor(() => expect(invoked).toHaveBeenCalledOnce());
  await callee.close();
  await failing;
  await vi.waitFor(() => expect(stopped).toHaveBeenCalledTimes(2));
});
