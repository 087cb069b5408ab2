import { Call, Payload, type Peer, Publish, Register, Subscribe, Yield } from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

const setUp = async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  return { one: await ScriptedPeer.join(attach), two: await ScriptedPeer.join(attach) };
};

const numbers = Array.from({ length: 60 }, (_, index) => index + 1);

test('BP-ORD-01: events of one publisher arrive in the order of publishing, across topics and patterns', async () => {
  const { one, two } = await setUp();
  await two.exchange(
    new Subscribe(1, {}, 'a.x'),
    new Subscribe(2, { match: 'prefix' }, 'a.y'),
    new Subscribe(3, { match: 'wildcard' }, '.z'),
  );
  const topics = ['a.x', 'a.y', 'a.z'];
  await one.exchange(
    ...numbers.map(
      (n) => new Publish(n, { acknowledge: n % 2 === 0 }, topics[n % 3] as string, Payload.of([n])),
    ),
  );
  expect(two.take().map((event) => (event[4] as number[])[0])).toEqual(numbers);
});

test('BP-ORD-02: invocations of one caller at one callee arrive in the order of calling, across procedures', async () => {
  const { one, two } = await setUp();
  await two.exchange(new Register(1, {}, 'a.x'), new Register(2, { match: 'prefix' }, 'a.y'));
  const procedures = ['a.x', 'a.y.1', 'a.y.2'];
  await one.exchange(...numbers.map((n) => new Call(n, {}, procedures[n % 3] as string, Payload.of([n]))));
  const invocations = two.take();
  expect(invocations.map((invocation) => (invocation[4] as number[])[0])).toEqual(numbers);
  expect(invocations.map((invocation) => invocation[1])).toEqual(numbers);
});

test('BP-ORD-03: SUBSCRIBED comes before the first EVENT on a busy topic', async () => {
  const { one, two } = await setUp();
  for (const n of numbers) {
    one.send(new Publish(n, {}, 'a.b'));
    if (n === 20) two.send(new Subscribe(1, {}, 'a.b'));
    if (n % 7 === 0) await turn();
  }
  await turn();
  const codes = two.take().map(([code]) => code);
  expect(codes[0]).toBe(33);
  expect(codes.length).toBeGreaterThan(20);
  expect(new Set(codes.slice(1))).toEqual(new Set([36]));
});

test('BP-ORD-03: REGISTERED comes before the first INVOCATION', async () => {
  const { one, two } = await setUp();
  for (const n of numbers) {
    one.send(new Call(n, {}, 'a.b'));
    if (n === 20) two.send(new Register(1, {}, 'a.b'));
    if (n % 7 === 0) await turn();
  }
  await turn();
  const codes = two.take().map(([code]) => code);
  expect(codes[0]).toBe(65);
  expect(codes.length).toBeGreaterThan(20);
  expect(new Set(codes.slice(1))).toEqual(new Set([68]));
});

test('BP-ORD-04: results come in the order in which the callee gives them', async () => {
  const { one, two } = await setUp();
  await two.exchange(new Register(1, {}, 'a.b'));
  await one.exchange(...numbers.map((n) => new Call(n, {}, 'a.b')));
  const shuffled = [...numbers].sort((a, b) => ((a * 37) % 61) - ((b * 37) % 61));
  await two.exchange(...shuffled.map((n) => new Yield(n, {})));
  expect(one.take().map(([, request]) => request)).toEqual(shuffled);
});
