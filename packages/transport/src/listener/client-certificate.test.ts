import { createHash, X509Certificate } from 'node:crypto';
import type { TransportInfo } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { testTls } from '@wampkit/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { connectPeer, createListener, type ListenerTls } from '../index.js';

const certificate = testTls();
const serializers = [jsonSerializer];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const connect = async (scheme: string, server: Partial<ListenerTls>, client: object) => {
  const seen: TransportInfo[] = [];
  const onPeer = ({ transport }: { transport: TransportInfo }) => seen.push(transport);
  const tls = { ...certificate, ...server };
  const listener = createListener({ bind: '127.0.0.1:0', serializers, onPeer, tls });
  await listener.listen();
  closers.push(() => listener.close());
  await connectPeer(`${scheme}://${listener.address}`, {
    serializers,
    tls: { ca: certificate.cert, ...client },
  });
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  return seen[0]?.clientCertificate;
};

const fingerprint = createHash('sha256').update(new X509Certificate(certificate.cert).raw).digest('hex');

test.each(['wss', 'tcps'])('AUTH-05: %s tells the certificate that a client showed', async (scheme) => {
  expect(await connect(scheme, { ca: certificate.cert }, certificate)).toEqual({
    fingerprint,
    subject: expect.stringMatching(/^CN=/),
    authorized: true,
  });
});

test('AUTH-05: a certificate that no authority has signed is told where it is asked for, as not authorized', async () => {
  expect(await connect('wss', { requestClientCertificate: true }, certificate)).toMatchObject({
    fingerprint,
    authorized: false,
  });
});

test.each([
  ['is not asked for one', {}, certificate],
  ['has none', { ca: certificate.cert }, {}],
])('AUTH-05: of a client that %s none is told', async (_, server, client) => {
  expect(await connect('wss', server, client)).toBeUndefined();
});
