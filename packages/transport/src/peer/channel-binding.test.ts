import type { ChannelBindingType, Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { testTls } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectPeer, createListener } from '../index.js';

const certificate = testTls();
const serializers = [jsonSerializer];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Both ends of `count` connections to one listener. */
async function connectPairs(scheme: string, count = 1, maxVersion?: 'TLSv1.2'): Promise<[Peer, Peer][]> {
  const peers: Peer[] = [];
  const secure = scheme !== 'ws' && scheme !== 'tcp';
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers,
    onPeer: (peer) => peers.push(peer),
    ...(secure ? { tls: certificate } : {}),
  });
  await listener.listen();
  closers.push(() => listener.close());
  const pairs: [Peer, Peer][] = [];
  for (let index = 0; index < count; index++) {
    const tls = { ca: certificate.cert, ...(maxVersion === undefined ? {} : { maxVersion }) };
    const near = await connectPeer(`${scheme}://${listener.address}`, { serializers, tls });
    await vi.waitFor(() => expect(peers).toHaveLength(index + 1));
    pairs.push([near, peers[index] as Peer]);
  }
  return pairs;
}

function bindings(pair: readonly Peer[], type: ChannelBindingType): (string | null | undefined)[] {
  return pair.map(({ transport }) => {
    const data = transport.channelBinding?.(type);
    return data && Buffer.from(data).toString('hex');
  });
}

describe.each(['wss', 'tcps'])('%s', (scheme) => {
  test('CS-04: tls-exporter is equal at both ends of a channel, and of 32 octets', async () => {
    const [pair] = await connectPairs(scheme);
    const [near, far] = bindings(pair as [Peer, Peer], 'tls-exporter');
    expect(near).toMatch(/^[0-9a-f]{64}$/);
    expect(near).toBe(far);
  });

  test('CS-04: no two channels have the same tls-exporter', async () => {
    const pairs = await connectPairs(scheme, 2);
    expect(new Set(pairs.flatMap((pair) => bindings(pair, 'tls-exporter'))).size).toBe(2);
  });

  test('CS-04: tls-unique belongs to TLS 1.2, and is equal at both ends', async () => {
    const [pair] = await connectPairs(scheme, 1, 'TLSv1.2');
    const [near, far] = bindings(pair as [Peer, Peer], 'tls-unique');
    expect(near).toMatch(/^[0-9a-f]{24}$/);
    expect(near).toBe(far);
    expect(bindings(pair as [Peer, Peer], 'tls-exporter')).toEqual([null, null]);
  });

  test('SCRAM-10: TLS 1.3 has no tls-unique, and tls-server-end-point is not told', async () => {
    const [pair] = await connectPairs(scheme);
    expect(bindings(pair as [Peer, Peer], 'tls-unique')).toEqual([null, null]);
    expect(bindings(pair as [Peer, Peer], 'tls-server-end-point')).toEqual([null, null]);
  });
});

test.each(['ws', 'tcp'])('CS-04: %s binds to no channel', async (scheme) => {
  const [pair] = await connectPairs(scheme);
  expect(bindings(pair as [Peer, Peer], 'tls-exporter')).toEqual([undefined, undefined]);
});
