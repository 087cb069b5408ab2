import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { ConfigError, Goodbye, type Message, type Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { testTls } from '@wampkit/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { connectPeer, createListener, type Listener, type ListenerTls } from '../index.js';

const [first, second] = [testTls('first'), testTls('second')];
const serializers = [jsonSerializer];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(tls: ListenerTls | undefined = first) {
  const peers: Peer[] = [];
  const onPeer = (peer: Peer) => peers.push(peer);
  const listener = createListener({ bind: '127.0.0.1:0', serializers, onPeer, tls });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, peers };
}

/** A bare TLS connection: which certificate it is shown, whether it resumed, and the session to resume it by. */
async function shake(listener: Listener, options: object = {}) {
  const port = Number(listener.address.split(':').at(-1));
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  closers.push(() => socket.destroy());
  socket.on('error', () => {});
  const session = once(socket, 'session');
  session.catch(() => {});
  await once(socket, 'secureConnect');
  return {
    socket,
    session,
    pem: socket.getPeerX509Certificate()?.toString(),
    resumed: socket.isSessionReused(),
  };
}

test.each(['wss', 'tcps'])(
  'BP-TRN-05: a renewed certificate is shown to who comes from then on, and %s peers that are there go on',
  async (scheme) => {
    const { listener, peers } = await open();
    const url = `${scheme}://${listener.address}`;
    const client = await connectPeer(url, { serializers, tls: { ca: first.cert } });
    await vi.waitFor(() => expect(peers).toHaveLength(1));
    const received: Message[] = [];
    client.onMessage = (message) => received.push(message);
    listener.renewTls(second);
    peers[0]?.send(new Goodbye({}, 'a.b'));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    await connectPeer(url, { serializers, tls: { ca: second.cert } });
    await expect(connectPeer(url, { serializers, tls: { ca: first.cert } })).rejects.toThrow('certificate');
    expect(listener.connections).toBe(2);
  },
);

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'BP-TRN-05: %s sessions are resumed, but none from before a renewal',
  async (version) => {
    const { listener } = await open();
    const limits = { minVersion: version, maxVersion: version };
    const session = async (given: object = {}) => {
      const shaken = await shake(listener, { ...limits, ...given });
      const [ticket] = shaken.resumed ? [given] : await shaken.session;
      return { ...shaken, ticket };
    };
    const { ticket } = await session();
    expect(await session({ session: ticket })).toMatchObject({ resumed: true });
    listener.renewTls(second);
    expect(await session({ session: ticket })).toMatchObject({ resumed: false, pem: second.cert });
  },
);

test('BP-TRN-05: the authorities of clients are renewed too, also for who was there before; without new ones they stay', async () => {
  const { listener, peers } = await open({ ...first, ca: first.cert, requireClientCertificate: true });
  const limits = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' };
  const before = await shake(listener, { ...limits, ...first });
  const [session] = await before.session;
  listener.renewTls(first);
  await connectPeer(`tcps://${listener.address}`, { serializers, tls: { ...first, ca: first.cert } });
  listener.renewTls({ ...first, ca: second.cert });
  await expect(shake(listener, { ...limits, ...first, session })).rejects.toThrow();
  await connectPeer(`tcps://${listener.address}`, { serializers, tls: { ...second, ca: first.cert } });
  await vi.waitFor(() => expect(peers).toHaveLength(2));
  expect(peers.map(({ transport }) => transport.clientCertificate?.authorized)).toEqual([true, true]);
});

test.each([
  ['the key is of another certificate', { cert: second.cert, key: first.key }],
  ['the certificate is cut off', { cert: second.cert.slice(0, 300), key: second.key }],
  ['the key is cut off', { cert: second.cert, key: second.key.slice(0, 100) }],
  ['both are empty', { cert: Buffer.alloc(0), key: Buffer.alloc(0) }],
])('BP-TRN-05: where %s, everything stays', async (_, broken) => {
  const { listener } = await open();
  expect(() => listener.renewTls(broken)).toThrow(ConfigError);
  expect(() => listener.renewTls(broken)).toThrow(/^certificate and key cannot be used: /);
  expect(await shake(listener)).toMatchObject({ pem: first.cert });
  listener.renewTls(second);
  expect(await shake(listener)).toMatchObject({ pem: second.cert });
});

test('BP-TRN-05: a listener without TLS has nothing to renew', async () => {
  const listener = createListener({ bind: '127.0.0.1:0', serializers, onPeer: () => {} });
  expect(() => listener.renewTls(first)).toThrow('the listener does not serve TLS');
});
