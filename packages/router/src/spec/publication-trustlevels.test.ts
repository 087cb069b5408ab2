import { type Dict, Payload, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, Router } from '../index.js';

const as = (authrole: string): Authenticator => ({
  method: authrole,
  start: () => ({ type: 'accept', authid: 'a', authrole }),
});
const everything = {
  uri: '',
  match: 'prefix',
  allow: ['publish', 'subscribe'],
  disclose: ['publisher'],
} as const;

const setUp = async (trusted = true) => {
  const roles = [
    { name: 'plain', permissions: [everything] },
    { name: 'low', permissions: [everything], ...(trusted ? { trustlevel: 0 } : {}) },
    { name: 'high', permissions: [everything], ...(trusted ? { trustlevel: 5 } : {}) },
  ];
  const router = new Router({
    realms: [{ name: 'realm1', authenticators: roles.map(({ name }) => as(name)), roles }],
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (role: string) => ScriptedPeer.join(attach, 'realm1', { authmethods: [role] });
  const subscriber = await join('plain');
  await subscriber.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a.'));
  const details = async (role: string, options: Dict = {}) => {
    const publisher = await join(role);
    await publisher.exchange(new Publish(1, options, 'a.b', Payload.of([1])));
    return { publisher, told: subscriber.take().map((event) => event[3]) };
  };
  return { join, subscriber, details };
};

test('PTL-01: the broker announces publication_trustlevels where some role has one', async () => {
  const feature = 'broker.features.publication_trustlevels';
  expect((await setUp()).subscriber.details.roles).toHaveProperty(feature, true);
  expect((await setUp(false)).subscriber.details.roles).not.toHaveProperty(feature);
});

test("PTL-01: EVENT.Details tell the trust level of the publisher's role, 0 too, and none where it has none", async () => {
  const { details } = await setUp();
  expect((await details('high')).told).toEqual([{ trustlevel: 5 }, { topic: 'a.b', trustlevel: 5 }]);
  expect((await details('low')).told).toEqual([{ trustlevel: 0 }, { topic: 'a.b', trustlevel: 0 }]);
  expect((await details('plain')).told).toEqual([{}, { topic: 'a.b' }]);
});

test('PTL-01, PID-02: beside the publisher that is disclosed, and on retained events', async () => {
  const { details, join } = await setUp();
  const { told, publisher } = await details('high', { disclose_me: true, retain: true });
  const disclosed = {
    publisher: publisher.session,
    publisher_authid: 'a',
    publisher_authrole: 'high',
    trustlevel: 5,
  };
  expect(told[0]).toEqual(disclosed);
  const [, event] = await (await join('plain')).exchange(new Subscribe(1, { get_retained: true }, 'a.b'));
  expect(event?.[3]).toEqual({ ...disclosed, retained: true });
});
