import { Call, Payload, type Peer, Publish, Register, Subscribe, Welcome, Yield } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router, ticketAuthenticator } from '../index.js';

const setUp = () => {
  const ticket = ticketAuthenticator({ users: { joe: { ticket: 'secret', role: 'user' } } });
  const router = new Router({
    realms: [
      { name: 'realm1' },
      { name: 'realm2', authenticators: [ticket], roles: [{ name: 'user', permissions: [] }] },
    ],
  });
  return (peer: Peer): void => router.attach(peer);
};

/* A transport that carries several sessions gives the router a peer for each; the specification defines no such framing. */
test('MUX-01: sessions side by side have request ids and invocation ids of their own', async () => {
  const attach = setUp();
  const [one, other] = [await ScriptedPeer.join(attach), await ScriptedPeer.join(attach)];
  expect(one.session).not.toBe(other.session);
  for (const [peer, name] of [
    [one, 'com.one'],
    [other, 'com.other'],
  ] as const) {
    const replies = await peer.exchange(new Register(1, {}, name), new Subscribe(2, {}, name));
    expect(replies.map(([code, request]) => [code, request])).toEqual([
      [65, 1],
      [33, 2],
    ]);
  }
  one.send(new Call(3, {}, 'com.other'));
  const [toOther] = await other.exchange(new Call(3, {}, 'com.one'));
  expect(toOther?.slice(0, 2)).toEqual([68, 1]);
  const [toOne] = await one.exchange();
  expect(toOne?.slice(0, 2)).toEqual([68, 1]);
  one.send(new Yield(1, {}, Payload.of(['by one'])));
  other.send(new Yield(1, {}, Payload.of(['by other'])));
  expect(await one.exchange()).toEqual([[50, 3, {}, ['by other']]]);
  expect(await other.exchange()).toEqual([[50, 3, {}, ['by one']]]);
});

test('MUX-01: realms, authentication and ends are the concern of each session alone', async () => {
  const attach = setUp();
  const [one, stranger] = [await ScriptedPeer.join(attach), new ScriptedPeer()];
  attach(stranger.far);
  await expect(stranger.hello('realm2')).rejects.toThrow(/no WELCOME but \[3,.*realm2/);
  const broken = await ScriptedPeer.join(attach);
  await one.exchange(new Subscribe(1, {}, 'com.x'));
  const received = await broken.exchange(new Welcome(1, {}));
  expect(received[0]).toMatchObject([3, {}, 'wamp.error.protocol_violation']);
  const publisher = await ScriptedPeer.join(attach);
  await publisher.exchange(new Publish(1, {}, 'com.x'));
  expect(one.take().map(([code]) => code)).toEqual([36]);
});
