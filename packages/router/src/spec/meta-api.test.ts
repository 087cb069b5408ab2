import { Call, Goodbye, Payload, type Peer } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, Router } from '../index.js';

const asRole = (authrole: string): Authenticator => ({
  method: authrole,
  start: () => ({ type: 'accept', authid: `a ${authrole}`, authrole }),
});

const setUp = async (metaApi?: boolean) => {
  const allow = ['call'] as const;
  const realm = {
    authenticators: ['red', 'blue'].map(asRole),
    roles: ['red', 'blue'].map((name) => ({
      name,
      permissions: [{ uri: '', match: 'prefix' as const, allow }],
    })),
    ...(metaApi === undefined ? {} : { metaApi }),
  };
  const router = new Router({ realms: [{ name: 'realm1', ...realm }, { name: 'realm2' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (authrole: string) => ScriptedPeer.join(attach, 'realm1', { authmethods: [authrole] });
  const peers = { red: await join('red'), blue: await join('blue'), blue2: await join('blue') };
  let request = 0;
  const call = async (procedure: string, ...args: unknown[]) => {
    const [answer] = await peers.red.exchange(new Call(++request, {}, procedure, Payload.of(args)));
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  return { attach, call, ...peers };
};

test("SMETA-04: count and list tell of the sessions of the realm, without the router's own", async () => {
  const { attach, call, red, blue, blue2 } = await setUp();
  await ScriptedPeer.join(attach, 'realm2');
  expect(await call('wamp.session.count')).toEqual([[3]]);
  expect(await call('wamp.session.list')).toEqual([[[red.session, blue.session, blue2.session]]]);
  expect(await call('wamp.session.count', null)).toEqual([[3]]);
});

test('SMETA-04: filter_authroles selects', async () => {
  const { call, red, blue, blue2 } = await setUp();
  expect(await call('wamp.session.count', ['blue'])).toEqual([[2]]);
  expect(await call('wamp.session.count', ['red', 'blue'])).toEqual([[3]]);
  expect(await call('wamp.session.count', [])).toEqual([[0]]);
  expect(await call('wamp.session.list', ['blue', 'green'])).toEqual([[[blue.session, blue2.session]]]);
  expect(await call('wamp.session.list', ['red'])).toEqual([[[red.session]]]);
});

test('SMETA-04: a session that left is not counted', async () => {
  const { call, blue, blue2 } = await setUp();
  await blue.drop();
  await blue2.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  expect(await call('wamp.session.count')).toEqual([[1]]);
  expect(await call('wamp.session.get', blue.session)).toBe('wamp.error.no_such_session');
});

test("SMETA-05: get tells a session's details", async () => {
  const { call, blue } = await setUp();
  expect(await call('wamp.session.get', blue.session)).toEqual([
    [
      {
        session: blue.session,
        authid: 'a blue',
        authrole: 'blue',
        authmethod: 'blue',
        authprovider: 'static',
        transport: { type: 'memory' },
      },
    ],
  ]);
});

test('SMETA-05: get does not tell the headers of a request, which may hold secrets', async () => {
  const { attach, call } = await setUp();
  const transport = { type: 'websocket', peer: '127.0.0.1:5', headers: { cookie: 'secret' } };
  const peer = new ScriptedPeer(transport);
  attach(peer.far);
  await peer.hello('realm1', { authmethods: ['red'] });
  const [[details]] = (await call('wamp.session.get', peer.session)) as [[{ transport: unknown }]];
  expect(details.transport).toEqual({ type: 'websocket', peer: '127.0.0.1:5' });
});

test('SMETA-05: an unknown session gives no_such_session, also one of another realm', async () => {
  const { attach, call } = await setUp();
  const elsewhere = await ScriptedPeer.join(attach, 'realm2');
  expect(await call('wamp.session.get', 12345)).toBe('wamp.error.no_such_session');
  expect(await call('wamp.session.get', elsewhere.session)).toBe('wamp.error.no_such_session');
});

test.each([
  ['wamp.session.count', ['blue']],
  ['wamp.session.count', [[1]]],
  ['wamp.session.list', [{}]],
  ['wamp.session.get', []],
  ['wamp.session.get', ['1']],
  ['wamp.session.get', [0]],
])('UMETA-04: %s with arguments %j gives invalid_argument', async (procedure, args) => {
  const { call } = await setUp();
  expect(await call(procedure, ...(args as unknown[]))).toBe('wamp.error.invalid_argument');
});

test('SMETA-01: a realm may go without the meta API', async () => {
  const { call } = await setUp(false);
  expect(await call('wamp.session.count')).toBe('wamp.error.no_such_procedure');
});
