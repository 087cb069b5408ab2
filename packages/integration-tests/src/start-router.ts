import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPeerPair, type Peer, type Serializer } from '@wampkit/protocol';
import { anonymousAuthenticator, type RealmOptions, Router, ticketAuthenticator } from '@wampkit/router';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { testTls } from '@wampkit/testkit';
import { createListener, type Listener } from '@wampkit/transport';

/** The serializers of every listener, by name. */
export const serializers: Readonly<Record<'json' | 'msgpack' | 'cbor', Serializer>> = {
  json: jsonSerializer,
  msgpack: msgpackSerializer,
  cbor: cborSerializer,
};

/** The schemes that a test router can be reached by. */
export type Scheme = 'ws' | 'wss' | 'http' | 'https' | 'tcp' | 'tcps' | 'unix';

/** A router with listeners on loopback: one plain port, one with TLS, one unix socket. */
export interface TestRouter extends AsyncDisposable {
  readonly router: Router;
  /** Host and port of the plain listener. */
  readonly address: string;
  /** The URL of a listener. */
  url(scheme: Scheme): string;
  /** A peer in memory that is attached to the router. */
  attachPeer(): Peer;
}

/** A realm that is open, one that wants the ticket of joe, and one in which nobody may do anything. */
const realms: readonly RealmOptions[] = [
  { name: 'realm1' },
  {
    name: 'tickets',
    authenticators: [ticketAuthenticator({ users: { joe: { ticket: 'joe-ticket', role: 'user' } } })],
    roles: [
      {
        name: 'user',
        permissions: [{ uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] }],
      },
    ],
  },
  {
    name: 'quiet',
    authenticators: [anonymousAuthenticator({ role: 'guest' })],
    roles: [{ name: 'guest', permissions: [] }],
  },
];

/** Starts a router in this process. @param own options of `realm1` */
export async function startRouter(own: Partial<RealmOptions> = {}): Promise<TestRouter> {
  const router = new Router({
    realms: realms.map((realm) => (realm.name === 'realm1' ? { ...realm, ...own } : realm)),
  });
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-'));
  const options = {
    serializers: Object.values(serializers),
    longpoll: { path: '/lp' },
    onPeer: (peer: Peer) => router.attach(peer),
  };
  const tls = testTls();
  const plain = createListener({ ...options, bind: '127.0.0.1:0' });
  const secure = createListener({ ...options, bind: '127.0.0.1:0', tls });
  const unix = createListener({ ...options, bind: `unix:${join(folder, 'wamp.sock')}` });
  const listeners: readonly Listener[] = [plain, secure, unix];
  await Promise.all(listeners.map((listener) => listener.listen()));
  const urls: Record<Scheme, () => string> = {
    ws: () => `ws://${plain.address}/ws`,
    wss: () => `wss://${secure.address}/ws`,
    http: () => `http://${plain.address}/lp`,
    https: () => `https://${secure.address}/lp`,
    tcp: () => `tcp://${plain.address}`,
    tcps: () => `tcps://${secure.address}`,
    unix: () => unix.address,
  };

  return {
    router,
    address: plain.address,
    url: (scheme) => urls[scheme](),
    attachPeer() {
      const [theirs, ours] = createPeerPair();
      router.attach(ours);
      return theirs;
    },
    async [Symbol.asyncDispose]() {
      await router.close();
      await Promise.all(listeners.map((listener) => listener.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
