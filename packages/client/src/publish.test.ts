import { ErrorMessage, ErrorUri, Payload, type Peer, Publish, Published } from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createConnect } from './connection/connect.js';
import { RequestError } from './exports.js';
import { createPeerPair, joinScripted, ManualClock, ScriptedPeer } from './testing.js';

test('BP-PS-04: without acknowledge it resolves when the transport has the message', async () => {
  const { client, router } = await joinScripted();
  expect(await client.publish('com.example.topic', { args: [1], kwargs: { a: 2 } })).toEqual({ id: null });
  const { topic, options, payload } = await router.expect(Publish);
  expect([topic, options, payload.args(), payload.kwargs()]).toEqual([
    'com.example.topic',
    {},
    [1],
    { a: 2 },
  ]);
});

describe('PEX-01, RET-02, BWL-02, BWL-04: options reach the wire as given', () => {
  test.each([
    { exclude_me: false },
    { exclude_me: true },
    { retain: true },
    { disclose_me: true },
    { eligible: [] },
    { eligible_authid: [], eligible_authrole: [], exclude: [], exclude_authid: [], exclude_authrole: [] },
    { exclude: [1, 2], _custom: { deep: [0, '', false, null] } },
    { acknowledge: false },
  ])('%j', async (options) => {
    const { client, router } = await joinScripted();
    await client.publish('a', undefined, options);
    expect((await router.expect(Publish)).options).toEqual(options);
  });
});

test.each([[0], [''], [false], [null]])('BP-PS-08: args [%j] is kept', async (value) => {
  const { client, router } = await joinScripted();
  await client.publish('a', { args: [value] });
  expect((await router.expect(Publish)).payload.args()).toEqual([value]);
});

test('BP-PS-05: acknowledged, it resolves with the publication id', async () => {
  const { client, router } = await joinScripted();
  const publishing = client.publish('a', {}, { acknowledge: true });
  const { request, options } = await router.expect(Publish);
  expect(options).toEqual({ acknowledge: true });
  router.send(new Published(request, 2 ** 53));
  expect(await publishing).toEqual({ id: 2 ** 53 });
});

test('BP-PS-05: acknowledged, ERROR rejects', async () => {
  const { client, router } = await joinScripted();
  const publishing = client.publish('a', {}, { acknowledge: true });
  const { request } = await router.expect(Publish);
  router.send(new ErrorMessage(16, request, {}, ErrorUri.NotAuthorized, Payload.of(['no'])));
  const error = await publishing.catch((reason) => reason);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ uri: ErrorUri.NotAuthorized, args: ['no'] });
});

test('the signal gives up waiting; one aborted before sends nothing', async () => {
  const { client, router } = await joinScripted();
  const controller = new AbortController();
  const { signal } = controller;
  const publishing = client.publish('a', {}, { acknowledge: true, signal });
  const { request } = await router.expect(Publish);
  controller.abort('enough');
  await expect(publishing).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
  router.send(new Published(request, 1));
  await expect(client.publish('a', {}, { signal })).rejects.toMatchObject({ name: 'CanceledError' });
  await client.publish('b');
  expect(await router.expect(Publish)).toMatchObject({ topic: 'b', request: 2 });
});

test.each([
  ['congested', true, false],
  ['queuedBytes', 1_048_577, 1_048_576],
])('a long send queue holds the publisher back: %s', async (property, long, short) => {
  const clock = new ManualClock();
  const [clientEnd, routerEnd] = createPeerPair();
  let length = short;
  Object.defineProperty(clientEnd, property, { get: () => length });
  const router = new ScriptedPeer(routerEnd);
  const joining = join(clientEnd, clock);
  await router.welcome();
  const client = await joining;
  length = long;
  let published = false;
  const publishing = client.publish('a').then(() => (published = true));
  await router.expect(Publish); // it is sent at once
  clock.advance(100);
  expect(published).toBe(false);
  length = short;
  await vi.waitFor(() => {
    clock.advance(100);
    expect(published).toBe(true);
  });
  await publishing;
});

function join(peer: Peer, clock: ManualClock) {
  const connectPeer = () => Promise.reject(new Error('no URL is connected'));
  return createConnect({ connectPeer, serializers: [] })('', { realm: 'realm1', peer, clock });
}
