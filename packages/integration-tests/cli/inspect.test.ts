import { type Client, connect } from '@wampkit/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { run } from './run.js';

let router: TestRouter;
let other: Client;

beforeAll(async () => {
  router = await startRouter();
  other = await join();
  await other.register('com.example.add', () => 5, { invoke: 'roundrobin' });
  await other.subscribe('com.example.', () => {}, { match: 'prefix' });
});

afterAll(async () => {
  await other?.close();
  await router?.[Symbol.asyncDispose]();
});

const join = () => connect('memory', { realm: 'realm1', peer: router.attachPeer() });
const lines = (text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));

async function ask(...argv: string[]): Promise<Record<string, unknown>[]> {
  const { exitCode, out, err } = await run(...argv, '--url', router.url('ws'));
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  return lines(out);
}

test('SMETA-04, SMETA-05: session ls, get and count', async () => {
  const session = other.session?.id as number;
  const listed = await ask('session', 'ls');
  expect(listed).toHaveLength(2);
  expect(listed).toContainEqual(expect.objectContaining({ session, authrole: 'anonymous' }));
  expect(await ask('session', 'get', `${session}`)).toMatchObject([{ session }]);
  expect(await ask('session', 'count', '--role', 'nobody')).toEqual([{ count: 0 }]);
});

test('RMETA-04: registration ls, lookup, match and callees', async () => {
  const [listed] = await ask('registration', 'ls');
  expect(listed).toMatchObject({ uri: 'com.example.add', match: 'exact', invoke: 'roundrobin', callees: 1 });
  expect(await ask('registration', 'lookup', 'com.example.add')).toEqual([listed]);
  expect(await ask('registration', 'match', 'com.example.add')).toEqual([listed]);
  expect(await ask('registration', 'callees', `${listed?.id}`)).toEqual([{ session: other.session?.id }]);
});

test('UMETA-03: subscription ls, lookup, match and subscribers', async () => {
  const [listed] = await ask('subscription', 'ls');
  expect(listed).toMatchObject({ uri: 'com.example.', match: 'prefix', subscribers: 1 });
  expect(await ask('subscription', 'lookup', 'com.example.', '--match', 'prefix')).toEqual([listed]);
  expect(await ask('subscription', 'match', 'com.example.topic')).toEqual([listed]);
  expect(await ask('subscription', 'subscribers', `${listed?.id}`)).toEqual([{ session: other.session?.id }]);
});

test('nothing found, and no such id: exit codes 8 and 4', async () => {
  const url = router.url('ws');
  expect((await run('registration', 'lookup', 'com.example.none', '--url', url)).exitCode).toBe(8);
  expect((await run('subscription', 'get', '1', '--url', url)).exitCode).toBe(4);
});

test('SMETA-06, RREV-02: kill ends a session, and takes a registration', async () => {
  const victim = await join();
  const registration = await victim.register('com.example.victim', () => 1);
  const [{ id, session } = {}] = await ask('registration', 'kill', `${registration.id}`, '--reason', 'old');
  expect(session).toBe(victim.session?.id);
  expect(id).toBeGreaterThan(0);
  expect(await registration.ended).toMatchObject({ type: 'revoked', reason: 'old' });
  await ask('session', 'kill', `${session}`, '--message', 'back at 9');
  expect(await victim.closed).toMatchObject({ message: expect.stringContaining('back at 9') });
});

test('RMETA-02: registration watch prints what happens', async () => {
  const watching = run('registration', 'watch', '--count', '4', '--url', router.url('ws'));
  await vi.waitFor(async () => {
    const { value } = await other.call('wamp.subscription.match', {
      args: ['wamp.registration.on_unregister'],
    });
    expect(value).toHaveLength(1);
  });
  const watched = await join();
  const registration = await watched.register('com.example.watched', () => 1);
  const [session, id] = [watched.session?.id, registration.id];
  await registration.unregister();
  const { exitCode, out } = await watching;
  expect(exitCode).toBe(0);
  expect(lines(out)).toMatchObject([
    { event: 'create', session, id, uri: 'com.example.watched' },
    { event: 'register', session, id },
    { event: 'unregister', session, id },
    { event: 'delete', session, id },
  ]);
  await watched.close();
});

test('RET-02, RET-03: publish --retain, then subscribe --retained', async () => {
  await run('publish', 'com.example.state', '"on"', '--retain', '--ack', '--url', router.url('ws'));
  const { out } = await run(
    ...['subscribe', 'com.example.state', '--retained', '--count', '1', '--details'],
    ...['--url', router.url('ws')],
  );
  expect(lines(out)).toMatchObject([{ args: ['on'], details: { retained: true } }]);
});

test('SHR-01, RREV-03: register --invoke, --concurrency and --force-reregister', async () => {
  const url = router.url('ws');
  const first = run(
    ...['register', 'com.example.shared', '--invoke', 'first', '--concurrency', '2', '--reply', '1', '-q'],
    ...['--url', url],
  );
  const lookup = () => run('registration', 'lookup', 'com.example.shared', '--url', url);
  await vi.waitFor(async () => expect((await lookup()).exitCode).toBe(0));
  expect(lines((await lookup()).out)).toMatchObject([{ invoke: 'first' }]);
  const second = run(
    ...['register', 'com.example.shared', '--force-reregister', '--reply', '2', '--count', '1', '--url', url],
  );
  expect((await first).exitCode).not.toBe(0);
  await vi.waitFor(async () => expect((await other.call('com.example.shared')).value).toBe(2));
  expect((await second).exitCode).toBe(0);
});
