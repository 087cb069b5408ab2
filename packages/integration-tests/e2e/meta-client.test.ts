import { type Client, connect } from '@wampkit/client';
import { meta } from '@wampkit/client/meta';
import { createPeerPair } from '@wampkit/protocol';
import { Router } from '@wampkit/router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';

let router: TestRouter;
let admin: Client;
let other: Client;

beforeEach(async () => {
  router = await startRouter();
  const join = () => connect('memory', { realm: 'realm1', peer: router.attachPeer() });
  [admin, other] = await Promise.all([join(), join()]);
});

afterEach(async () => {
  await Promise.all([admin, other].map((client) => client?.close()));
  await router[Symbol.asyncDispose]();
});

test('SMETA-02 to SMETA-06: sessions are listed, told, watched and ended', async () => {
  const { sessions } = meta(admin);
  const id = other.session?.id as number;
  const left: unknown[] = [];
  await sessions.onLeave((session) => left.push(session));
  expect(await sessions.count()).toBe(2);
  expect(await sessions.list()).toContain(id);
  const info = await sessions.get(id);
  expect(info).toMatchObject({ session: id, authrole: 'anonymous', authid: other.session?.authid });
  await sessions.kill(id, { message: 'go' });
  expect(await other.closed).toMatchObject({ message: expect.stringContaining('go') });
  const { authid, authrole } = info;
  await vi.waitFor(() => expect(left).toEqual([{ session: id, authid, authrole }]));
  await expect(sessions.kill(admin.session?.id as number)).rejects.toMatchObject({
    uri: 'wamp.error.no_such_session',
  });
});

test('RMETA-02 to RMETA-04, RREV-03: registrations are watched, found, and taken from their callees', async () => {
  const { registrations } = meta(admin);
  const seen: unknown[] = [];
  await registrations.onCreate((session, { uri, invoke }) => seen.push(['create', session, uri, invoke]));
  await registrations.onRegister((session, id) => seen.push(['register', session, id]));
  await registrations.onUnregister((session, id) => seen.push(['unregister', session, id]));
  await registrations.onDelete((session, id) => seen.push(['delete', session, id]));
  const registration = await other.register('com.example.p', () => 1, { invoke: 'first' });
  const [id, session] = [registration.id as number, other.session?.id as number];
  expect((await registrations.list()).exact).toContain(id);
  expect(await registrations.lookup('com.example.p')).toBe(id);
  expect(await registrations.lookup('com.example.p', { match: 'prefix' })).toBeNull();
  expect(await registrations.match('com.example.p')).toBe(id);
  expect(await registrations.match('com.example.q')).toBeNull();
  expect(await registrations.get(id)).toMatchObject({ id, uri: 'com.example.p', invoke: 'first' });
  expect(await registrations.callees(id)).toEqual([session]);
  expect(await registrations.calleeCount(id)).toBe(1);
  await registrations.removeCallee(id, session, { reason: 'com.example.old' });
  expect(await registration.ended).toMatchObject({ type: 'revoked', reason: 'com.example.old' });
  await vi.waitFor(() =>
    expect(seen).toEqual([
      ['create', session, 'com.example.p', 'first'],
      ['register', session, id],
      ['unregister', session, id],
      ['delete', session, id],
    ]),
  );
});

test('UMETA-02, UMETA-03, SREV-02: subscriptions are watched, found, and taken from their subscribers', async () => {
  const { subscriptions } = meta(admin);
  const seen: unknown[] = [];
  await subscriptions.onCreate((session, { uri, match }) => seen.push(['create', session, uri, match]));
  await subscriptions.onSubscribe((session, id) => seen.push(['subscribe', session, id]));
  await subscriptions.onUnsubscribe((session, id) => seen.push(['unsubscribe', session, id]));
  await subscriptions.onDelete((session, id) => seen.push(['delete', session, id]));
  const subscription = await other.subscribe('com.example.', () => {}, { match: 'prefix' });
  const [id, session] = [subscription.id as number, other.session?.id as number];
  expect((await subscriptions.list()).prefix).toEqual([id]);
  expect(await subscriptions.lookup('com.example.', { match: 'prefix' })).toBe(id);
  expect(await subscriptions.match('com.example.topic')).toEqual([id]);
  expect(await subscriptions.match('com.other')).toEqual([]);
  expect(await subscriptions.get(id)).toMatchObject({ id, uri: 'com.example.', match: 'prefix' });
  expect(await subscriptions.subscribers(id)).toEqual([session]);
  expect(await subscriptions.subscriberCount(id)).toBe(1);
  await subscriptions.removeSubscriber(id, session, { reason: 'com.example.old' });
  expect(await subscription.ended).toMatchObject({ type: 'revoked', reason: 'com.example.old' });
  await vi.waitFor(() =>
    expect(seen).toEqual([
      ['create', session, 'com.example.', 'prefix'],
      ['subscribe', session, id],
      ['unsubscribe', session, id],
      ['delete', session, id],
    ]),
  );
});

test('TEST-02 to TEST-04: testaments are published when the session is over, detached ones first', async () => {
  const { sessions } = meta(other);
  const events: unknown[] = [];
  await admin.subscribe('com.example.', ({ topic, value }) => events.push([topic, value]), {
    match: 'prefix',
  });
  await sessions.addTestament('com.example.gone', { args: ['flushed'] });
  await sessions.flushTestaments();
  await sessions.addTestament('com.example.gone', { args: [1] });
  await sessions.addTestament('com.example.gone', { args: [2] });
  await sessions.addTestament('com.example.lost', { args: [3] }, { scope: 'detached' });
  await other.close();
  const expected = [
    ['com.example.lost', 3],
    ['com.example.gone', 1],
    ['com.example.gone', 2],
  ];
  await vi.waitFor(() => expect(events).toEqual(expected));
});

test('HIST-03 to HIST-05: the history of a subscription is read in pages, forward and in reverse', async () => {
  const keeper = new Router({
    realms: [{ name: 'realm1', history: [{ topic: 'com.example.log', limit: 10 }] }],
  });
  const [routerEnd, clientEnd] = createPeerPair();
  keeper.attach(routerEnd);
  await using client = await connect('memory', { realm: 'realm1', peer: clientEnd });
  for (const n of [1, 2, 3])
    await client.publish('com.example.log', { args: [n], kwargs: { n } }, { acknowledge: true });
  const { subscriptions } = meta(client);
  const id = (await subscriptions.lookup('com.example.log')) as number;
  const first = await subscriptions.history(id, { limit: 2 });
  expect(first.map(({ args, kwargs }) => [args, kwargs])).toEqual([
    [[1], { n: 1 }],
    [[2], { n: 2 }],
  ]);
  const after = first[1]?.publication as number;
  const rest = await subscriptions.history(id, { after_publication: after });
  expect(rest.map(({ args }) => args)).toEqual([[3]]);
  const [newest] = await subscriptions.history(id, { reverse: true, limit: 1, from_time: new Date(0) });
  expect(newest).toEqual(rest[0]);
  expect(Date.parse(newest?.timestamp ?? '')).toBeGreaterThan(0);
  expect(await subscriptions.history(id, { until_time: new Date(0) })).toEqual([]);
  await keeper.close();
});

test('REFL-01: what one client defines another lists, reads and hears of, until it is gone', async () => {
  const { reflection } = meta(admin);
  const seen: unknown[] = [];
  await reflection.onDefine(({ uri, kind, isNew }) => seen.push(['define', uri, kind, isNew]));
  await reflection.onUndefine(({ uri, kind }) => seen.push(['undefine', uri, kind]));
  const { reflection: theirs } = meta(other);
  const schema = { title: 'T', args: [{ type: 'integer' }] };
  expect(await theirs.define('com.example.p', schema, { kind: 'procedure' })).toBe(true);
  expect(await theirs.define('com.example.p', { title: 'U' }, { kind: 'procedure' })).toBe(false);
  expect(await theirs.define('com.example.t', schema, { kind: 'topic' })).toBe(true);
  expect(await reflection.list('procedure')).toEqual(['com.example.p']);
  expect(await reflection.list('topic')).toEqual(['com.example.t']);
  expect(await reflection.describe('com.example.t')).toEqual(schema);
  expect(await reflection.describe('com.example.p', { kind: 'procedure' })).toEqual({ title: 'U' });
  expect(await reflection.describe('com.example.p', { kind: 'error' })).toBeNull();
  expect(await theirs.undefine('com.example.t')).toBe(true);
  expect(await theirs.undefine('com.example.t')).toBe(false);
  await other.close();
  await vi.waitFor(() =>
    expect(seen).toEqual([
      ['define', 'com.example.p', 'procedure', true],
      ['define', 'com.example.p', 'procedure', false],
      ['define', 'com.example.t', 'topic', true],
      ['undefine', 'com.example.t', 'topic'],
      ['undefine', 'com.example.p', 'procedure'],
    ]),
  );
  expect(await reflection.list('procedure')).toEqual([]);
});

test('AZ-01, AZ-03: why something is allowed is told for sessions and roles, and what authorizers said is flushed', async () => {
  const { authorization } = meta(admin);
  const id = other.session?.id as number;
  const told = { role: 'anonymous', action: 'call', uri: 'com.example.p', match: 'exact', rule: 'prefix ""' };
  expect(await authorization.explain('anonymous', 'call', 'com.example.p')).toMatchObject({
    ...told,
    allowed: true,
  });
  expect(await authorization.explain(id, 'subscribe', 'com.', { match: 'prefix' })).toMatchObject({
    session: id,
    allowed: true,
    failed: false,
  });
  expect(await authorization.explain(id, 'register', 'wamp.x')).toMatchObject({ allowed: false });
  expect(await authorization.flushCache()).toBe(0);
  await expect(authorization.explain(1, 'call', 'com.example.p')).rejects.toMatchObject({
    uri: 'wamp.error.no_such_session',
  });
});
