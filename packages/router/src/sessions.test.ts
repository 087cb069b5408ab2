import { type Dict, Hello, isId, type Peer } from '@wampkit/protocol';
import { allRoles, FakeClock, ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router, type RouterOptions } from './index.js';

const setUp = (options: Partial<RouterOptions> = {}) => {
  const left: unknown[] = [];
  const bugs: unknown[] = [];
  const clock = new FakeClock();
  const router = new Router({
    realms: [{ name: 'realm1' }, { name: 'realm2' }],
    clock,
    events: { sessionLeft: (info) => left.push(info), bug: (info) => bugs.push(info) },
    ...options,
  });
  const attach = (peer: Peer): void => router.attach(peer);
  return { router, attach, clock, left, bugs };
};

const greet = async (attach: (peer: Peer) => void, realm: string, details: Dict = { roles: allRoles }) => {
  const peer = new ScriptedPeer();
  attach(peer.far);
  const answer = await peer.exchange(new Hello(realm, details));
  return { peer, answer };
};

test('BP-SESS-02: HELLO is answered with WELCOME, a random session id and the roles broker and dealer', async () => {
  const { attach } = setUp();
  const { answer } = await greet(attach, 'realm1');
  expect(answer).toHaveLength(1);
  const [code, session, details] = answer[0] as [number, number, Dict];
  expect(code).toBe(2);
  expect(isId(session)).toBe(true);
  expect(Object.keys(details.roles as Dict)).toEqual(['broker', 'dealer']);
});
