import { type Dict, Payload, type Peer, Publish, Subscribe, Unsubscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, anonymousAuthenticator, type RealmOptions, Router } from '../index.js';

const trusting: Authenticator = {
  method: 'anonymous',
  start: ({ authextra }) => ({
    type: 'accept',
    authid: (authextra.authid ?? 'somebody') as string,
    authrole: (authextra.authrole ?? 'red') as string,
  }),
};

const all = { uri: '', match: 'prefix', allow: ['publish', 'subscribe'], disclose: ['publisher'] } as const;

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const roles = ['red', 'blue'].map((name) => ({ name, permissions: [all] }));
  const router = new Router({ realms: [{ name: 'realm1', authenticators: [trusting], roles, ...realm }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (authid = 'somebody', authrole = 'red') =>
    ScriptedPeer.join(attach, 'realm1', { authextra: { authid, authrole } });
  const publisher = await join('pub');
  let request = 0;
  const retain = async (topic: string, value: unknown, options: Dict = {}) => {
    const payload = value === undefined ? Payload.empty : Payload.of([value]);
    const message = new Publish(++request, { retain: true, acknowledge: true, ...options }, topic, payload);
    return (await publisher.exchange(message)).find(([code]) => code === 17)?.[2] as number;
  };
  /* What a subscriber gets after SUBSCRIBED: details and first argument of each event. */
  const get = async (peer: ScriptedPeer, topic: string, options: Dict = {}) => {
    peer.take();
    const [subscribed, ...events] = await peer.exchange(
      new Subscribe(++request, { get_retained: true, ...options }, topic),
    );
    expect(subscribed?.[0]).toBe(33); // BP-ORD-03
    expect(events.every((event) => event[0] === 36 && event[1] === subscribed?.[2])).toBe(true);
    return events;
  };
  const values = async (...args: Parameters<typeof get>) =>
    (await get(...args)).map((event) => (event[4] as unknown[])[0]);
  return { join, publisher, retain, get, values };
};

test('RET-01: the broker announces event_retention', async () => {
  const { publisher } = await setUp();
  expect(publisher.details.roles).toHaveProperty('broker.features.event_retention', true);
});

test('RET-02, RET-03, RET-04: the last retained event comes after SUBSCRIBED, with its publication id', async () => {
  const { join, retain, get } = await setUp();
  await retain('a.b', 'old');
  const publication = await retain('a.b', 'new');
  const peer = await join();
  expect(await get(peer, 'a.b')).toEqual([
    [36, expect.any(Number), publication, { retained: true }, ['new']],
  ]);
});

test('RET-03: without get_retained nothing comes, and events as they happen are not marked', async () => {
  const { join, retain } = await setUp();
  const peer = await join();
  await retain('a.b', 1);
  expect(await peer.exchange(new Subscribe(1, {}, 'a.b'))).toHaveLength(1);
  expect(await peer.exchange(new Subscribe(2, { get_retained: false }, 'a.b'))).toHaveLength(1);
  await retain('a.b', 2);
  expect(peer.take()).toEqual([[36, expect.any(Number), expect.any(Number), {}, [2]]]);
});

test('RET-03: a repeated SUBSCRIBE gets it again, and one after UNSUBSCRIBE', async () => {
  const { join, retain, values, get } = await setUp();
  await retain('a.b', 1);
  const peer = await join();
  expect(await values(peer, 'a.b')).toEqual([1]);
  const [event] = await get(peer, 'a.b');
  await peer.exchange(new Unsubscribe(900, event?.[1] as number));
  expect(await values(peer, 'a.b')).toEqual([1]);
});

test('RET-02: publications without retain leave what is retained', async () => {
  const { join, retain, values, publisher } = await setUp();
  await retain('a.b', 1);
  await publisher.exchange(new Publish(900, {}, 'a.b', Payload.of([2])));
  await publisher.exchange(new Publish(901, { retain: false }, 'a.b', Payload.of([3])));
  expect(await values(await join(), 'a.b')).toEqual([1]);
});

test('RET-02: one without any payload clears the topic, and is an event all the same', async () => {
  const { join, retain, values } = await setUp();
  const peer = await join();
  await retain('a.b', 1);
  await peer.exchange(new Subscribe(900, {}, 'a.b'));
  await retain('a.b', undefined);
  expect(peer.take()).toEqual([[36, expect.any(Number), expect.any(Number), {}]]);
  expect(await values(peer, 'a.b')).toEqual([]);
});

test('RET-02: only what is authorized is retained', async () => {
  const permissions = [{ uri: 'a.', match: 'prefix', allow: ['subscribe'] }] as const;
  const { join, retain, values } = await setUp({
    authenticators: [anonymousAuthenticator({ role: 'weak' })],
    roles: [{ name: 'weak', permissions }],
  });
  await retain('a.b', 1);
  expect(await values(await join(), 'a.b')).toEqual([]);
});

test('RET-02: what is retained outlives its publisher', async () => {
  const { join, retain, values, publisher } = await setUp();
  await retain('a.b', 1);
  await publisher.drop();
  expect(await values(await join(), 'a.b')).toEqual([1]);
});

test('RET-03, PEX-01: the publisher gets its own retained event only with exclude_me: false', async () => {
  const { publisher, retain, values } = await setUp();
  await retain('a.b', 1);
  await retain('a.c', 2, { exclude_me: false });
  expect(await values(publisher, 'a.', { match: 'prefix' })).toEqual([2]);
});

test('RET-03, BWL-05: each of the six lists keeps the event from whom it was not for', async () => {
  const { join, retain, values } = await setUp();
  const [ann, bob] = [await join('ann', 'red'), await join('bob', 'blue')];
  const lists: [Dict, boolean, boolean][] = [
    [{ eligible: [ann.session] }, true, false],
    [{ exclude: [ann.session] }, false, true],
    [{ eligible_authid: ['ann'] }, true, false],
    [{ exclude_authid: ['ann'] }, false, true],
    [{ eligible_authrole: ['red'] }, true, false],
    [{ exclude_authrole: ['red'] }, false, true],
    [{ eligible: [] }, false, false],
    [{ eligible_authrole: ['red', 'blue'], exclude_authid: ['bob'] }, true, false],
  ];
  for (const [index, [options, forAnn, forBob]] of lists.entries()) {
    const topic = `a.topic${index}`;
    await retain(topic, index, options);
    expect(await values(ann, topic)).toEqual(forAnn ? [index] : []);
    expect(await values(bob, topic)).toEqual(forBob ? [index] : []);
  }
});

test('RET-03: whom the newest does not reach gets the most recent one that does', async () => {
  const { join, retain, values } = await setUp();
  const [ann, bob, cid] = [await join('ann'), await join('bob'), await join('cid')];
  await retain('a.b', 'gone');
  await retain('a.b', 'for all');
  await retain('a.b', 'for ann, old', { eligible_authid: ['ann'] });
  await retain('a.b', 'for ann', { eligible_authid: ['ann'] });
  await retain('a.b', 'not for cid', { exclude_authid: ['cid', 'ann'] });
  expect(await values(ann, 'a.b')).toEqual(['for ann']);
  expect(await values(bob, 'a.b')).toEqual(['not for cid']);
  expect(await values(cid, 'a.b')).toEqual(['for all']);
  await retain('a.b', 'new for all');
  for (const peer of [ann, bob, cid]) expect(await values(peer, 'a.b')).toEqual(['new for all']);
});

test('RET-04: a pattern gets the retained event of every topic that it matches, with the topic', async () => {
  const { join, retain, get } = await setUp();
  for (const topic of ['a.b', 'a.b.c', 'a.x.c', 'b.c']) await retain(topic, topic);
  const topics = async (topic: string, match: string) =>
    (await get(await join(), topic, { match })).map((event) => {
      const { topic: told, ...rest } = event[3] as Dict;
      expect(rest).toEqual({ retained: true });
      expect(event[4]).toEqual([told]);
      return told;
    });
  expect(await topics('a.', 'prefix')).toEqual(['a.b', 'a.b.c', 'a.x.c']);
  expect(await topics('a..c', 'wildcard')).toEqual(['a.b.c', 'a.x.c']);
  expect(await topics('', 'prefix')).toHaveLength(4);
  expect(await topics('c', 'prefix')).toEqual([]);
});

test('RET-04, PID-02: a publisher that was disclosed is disclosed', async () => {
  const { join, retain, get, publisher } = await setUp();
  await retain('a.b', 1, { disclose_me: true });
  const [event] = await get(await join(), 'a.b');
  expect(event?.[3]).toEqual({
    retained: true,
    publisher: publisher.session,
    publisher_authid: 'pub',
    publisher_authrole: 'red',
  });
});

test('RET-02: above maxTopics the topic retained the longest ago goes', async () => {
  const { join, retain, values } = await setUp({ retain: { maxTopics: 2 } });
  await retain('a.1', 1);
  await retain('a.2', 2);
  await retain('a.1', 11);
  await retain('a.3', 3);
  expect(await values(await join(), 'a.', { match: 'prefix' })).toEqual([11, 3]);
});

test('RET-02: above maxSize the topic retained the longest ago goes; what is larger alone is not retained', async () => {
  const { join, retain, values } = await setUp({ retain: { maxSize: 3_000 } });
  const text = (name: string) => name.repeat(1_000);
  for (const name of ['a', 'b', 'c']) await retain(`a.${name}`, text(name));
  expect(await values(await join(), 'a.', { match: 'prefix' })).toEqual([text('b'), text('c')]);
  await retain('a.c', 'x'.repeat(5_000));
  expect(await values(await join(), 'a.', { match: 'prefix' })).toEqual([text('b')]);
});

test('RET-03: a slow reader loses retained events as it does others', async () => {
  const { join, retain, get } = await setUp();
  await retain('a.b', 1);
  const peer = await join();
  peer.far.congested = true;
  expect(await get(peer, 'a.b')).toEqual([]);
});
