import { type Client, connect } from '@wampkit/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { run } from './run.js';

let router: TestRouter;
let other: Client;

beforeAll(async () => {
  router = await startRouter({ history: [{ topic: 'com.example.', match: 'prefix', limit: 100 }] });
  other = await connect('memory', { realm: 'realm1', peer: router.attachPeer() });
});

afterAll(async () => {
  await other?.close();
  await router?.[Symbol.asyncDispose]();
});

const wamp = (...argv: string[]) => run(...argv, '--url', router.url('ws'));
const lines = (text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));

test('HIST-03, HIST-04: subscription events gives what was published, a page at a time', async () => {
  for (const n of [1, 2, 3]) await wamp('publish', 'com.example.order', `${n}`, 'k=v', '--ack');
  await wamp('publish', 'com.example.other', '4', '--ack');
  const ask = (...argv: string[]) =>
    wamp('subscription', 'events', 'com.example.', '--match', 'prefix', ...argv);
  const all = lines((await ask()).out);
  expect(all.map(({ topic, args, kwargs }) => [topic, args, kwargs])).toEqual([
    ...[1, 2, 3].map((n) => ['com.example.order', [n], { k: 'v' }]),
    ['com.example.other', [4], {}],
  ]);
  const first = all[0]?.publication as number;
  const page = await ask('--after-publication', `${first}`, '--limit', '2', '--value');
  expect(page).toMatchObject({ exitCode: 0, out: '2\n3\n' });
  expect((await ask('--reverse', '--topic', 'com.example.order', '--limit', '1', '--value')).out).toBe('3\n');
  expect((await ask('--before-time', all[0]?.time as string)).out).toBe('');
});

test('HIST-03: events of no subscription, and of one without a history', async () => {
  expect((await wamp('subscription', 'events', 'com.elsewhere')).exitCode).toBe(8);
  const subscription = await other.subscribe('com.elsewhere', () => {});
  const outcome = await wamp('subscription', 'events', `${subscription.id}`);
  expect(outcome).toMatchObject({ exitCode: 4, err: expect.stringContaining('history_unavailable') });
});

test('TEST-04: the testament of subscribe is published when it ends', async () => {
  const gone = vi.fn();
  await other.subscribe('com.example.gone', ({ args, kwargs }) => gone(args, kwargs));
  const testament = [
    '--testament',
    'com.example.gone',
    '--testament-args',
    '[7]',
    '--testament-kwargs',
    '{"k":1}',
  ];
  const watching = wamp('subscribe', 'com.example.tick', '--count', '1', ...testament);
  await vi.waitFor(async () => {
    await other.publish('com.example.tick');
    expect(gone).toHaveBeenCalled();
  });
  expect((await watching).exitCode).toBe(0);
  expect(gone.mock.calls).toEqual([[[7], { k: 1 }]]);
});

test('REFL-01: what register --schema tells is listed, shown, and gone with it', async () => {
  const watching = wamp('reflect', 'watch', '--count', '2');
  await vi.waitFor(async () => {
    const { value } = await other.call('wamp.subscription.match', { args: ['wamp.reflect.on_undefine'] });
    expect(value).toHaveLength(1);
  });
  const schema = { title: 'gives back what it gets' };
  const callee = wamp(
    ...['register', 'com.example.echo', '--echo', '--count', '1', '--schema', JSON.stringify(schema)],
  );
  await vi.waitFor(async () => expect((await wamp('reflect', 'get', 'com.example.echo')).exitCode).toBe(0));
  const row = { kind: 'procedure', uri: 'com.example.echo', schema };
  expect(lines((await wamp('reflect', 'ls')).out)).toEqual([row]);
  await vi.waitFor(async () => expect((await other.call('com.example.echo', { args: [1] })).value).toBe(1));
  expect((await callee).exitCode).toBe(0);
  expect((await wamp('reflect', 'get', 'com.example.echo')).exitCode).toBe(8);
  expect(lines((await watching).out)).toEqual([
    { event: 'define', ...row },
    { event: 'undefine', kind: 'procedure', uri: 'com.example.echo' },
  ]);
});
