import { Call, type Message, Payload, type Peer, Publish, Register, Subscribe } from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Authorizer, anonymousAuthenticator, type Permission, Router, type Verdict } from '../index.js';

const all = ['call', 'register', 'publish', 'subscribe'] as const;
const everything: Permission = { uri: '', match: 'prefix', allow: all };

/* Denies by the URI, so that the same answers come at any time. */
const verdictOf = (uri: string): Verdict =>
  uri.endsWith('x')
    ? false
    : uri.endsWith('z')
      ? ('broken' as never)
      : { allow: true, cache: uri.endsWith('y') };

/** What two guests and a watcher see of what the guests send, each one's own view. */
const play = async (script: readonly (readonly Message[])[], authorize: Authorizer['authorize']) => {
  let id = 0;
  const guest = { name: 'guest', permissions: [], authorizer: { name: 'test', authorize } };
  const router = new Router({
    realms: [
      {
        name: 'realm1',
        authenticators: [
          anonymousAuthenticator({ role: 'guest' }),
          { ...anonymousAuthenticator({ role: 'root' }), method: 'root' },
        ],
        roles: [guest, { name: 'root', permissions: [everything] }],
      },
    ],
    ids: { next: () => ++id },
    clock: new FakeClock(),
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const guests = [await ScriptedPeer.join(attach), await ScriptedPeer.join(attach)];
  const watcher = await ScriptedPeer.join(attach, 'realm1', { authmethods: ['root'] });
  await watcher.exchange(
    new Subscribe(1, { match: 'prefix' }, 'a.'),
    new Register(2, { match: 'prefix' }, 'a.'),
  );
  watcher.take();
  for (const [index, messages] of script.entries()) guests[index]?.send(...messages);
  for (let quiet = 0; quiet < 3; ) {
    const before = [...guests, watcher].map(({ received }) => received.length).join();
    await turn();
    quiet = before === [...guests, watcher].map(({ received }) => received.length).join() ? quiet + 1 : 0;
  }
  // what one guest causes, for each: across guests nothing is promised
  const seen = watcher.take().map((message) => (message[4] as unknown[]).join());
  return script.map((_, index) => ({
    answers: guests[index]?.take().map(([code, ...rest]) => (code === 8 ? [8, ...rest] : [code])),
    caused: seen.filter((payload) => payload.startsWith(`${index}`)),
  }));
};

const uri = fc.constantFrom('a.b', 'a.x', 'a.y', 'a.z', 'a.bx', 'a.by', 'a..', 'c.y');
const step = fc.record({
  kind: fc.constantFrom('call', 'publish', 'acknowledged', 'subscribe', 'register'),
  uri,
});
const script = fc.tuple(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }));

const messageOf = ({ kind, uri }: { kind: string; uri: string }, guest: number, index: number): Message => {
  const payload = Payload.of([guest, index]);
  const request = index + 1;
  if (kind === 'call') return new Call(request, {}, uri, payload);
  if (kind === 'subscribe') return new Subscribe(request, { match: 'prefix' }, `s${guest}.${uri}`);
  if (kind === 'register') return new Register(request, {}, `r${guest}.${index}.${uri}`);
  return new Publish(request, { acknowledge: kind === 'acknowledged' }, uri, payload);
};

test('BP-ORD-01, BP-ORD-02: an authorizer that answers late gives the same order as one that answers at once', async () => {
  await fc.assert(
    fc.asyncProperty(script, fc.array(fc.nat({ max: 12 }), { minLength: 1 }), async (steps, delays) => {
      const messages = steps.map((own, guest) => own.map((one, index) => messageOf(one, guest, index)));
      let asked = 0;
      const late: Authorizer['authorize'] = async (_, asking) => {
        for (let left = delays[asked++ % delays.length] as number; left > 0; left--) await Promise.resolve();
        return verdictOf(asking);
      };
      const expected = await play(messages, (_, asking) => verdictOf(asking));
      expect(await play(messages, late)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
