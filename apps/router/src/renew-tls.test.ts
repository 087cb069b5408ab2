import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Dict, Hello, type Message, type Peer, Subscribe } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { allRoles, testTls } from '@wampkit/testkit';
import { connectPeer } from '@wampkit/transport';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from './log.js';
import { startRouterApp } from './start-router-app.js';

const [first, second] = [testTls('first'), testTls('second')];
const closers: (() => unknown)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'renew-'));
  replace(first);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

/* As tools do that renew: each file at once, one after the other. */
function replace(files: { cert?: string; key?: string; ca?: string }): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, 'new'), text);
    renameSync(join(folder, 'new'), join(folder, `${name}.pem`));
  }
}

async function start(tls: { clientCa?: string; requireClientCertificate?: boolean } = {}) {
  const output = new PassThrough();
  let logged = '';
  output.on('data', (bytes) => {
    logged += bytes;
  });
  const log = await createLog({ level: 'info', format: 'json' }, output);
  const config = {
    listeners: [{ bind: '127.0.0.1:0', tls: { certificate: 'cert.pem', key: 'key.pem', ...tls } }],
  };
  const running = await startRouterApp(config, { folder, log });
  closers.push(() => running.close());
  const lines = (): Dict[] =>
    logged
      .split('\n')
      .filter((line) => line.includes('TLS files'))
      .map((line) => JSON.parse(line));
  const join = async (authority: { cert: string }, own: object = {}) => {
    const peer = await connectPeer(running.urls[0] as string, {
      serializers: [jsonSerializer],
      tls: { ca: authority.cert, ...own },
    });
    closers.push(() => peer.close());
    const received: Message[] = [];
    peer.onMessage = (message) => received.push(message);
    peer.send(new Hello('realm1', { roles: allRoles }));
    await vi.waitFor(() => expect(received[0]).toMatchObject({ code: 2 }));
    return { peer, received };
  };
  return { lines, join, running };
}

const told = async (lines: () => Dict[], count: number): Promise<Dict | undefined> => {
  await vi.waitFor(() => expect(lines()).toHaveLength(count), { timeout: 10_000 });
  return lines().at(-1);
};

const works = async ({ peer, received }: { peer: Peer; received: Message[] }): Promise<void> => {
  received.length = 0;
  peer.send(new Subscribe(1, {}, 'a.b'));
  await vi.waitFor(() => expect(received[0]).toMatchObject({ code: 33 }));
};

test('BP-TRN-05: a renewed certificate is read, without a restart: sessions go on, and who comes sees it', async () => {
  const { join, lines } = await start();
  const before = await join(first);
  replace(second);
  expect(await told(lines, 1)).toMatchObject({
    level: 'info',
    msg: 'TLS files read again',
    listener: '127.0.0.1:0',
    subject: 'CN=localhost',
    validTo: expect.stringContaining('2126'),
    fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  await works(before);
  await works(await join(second));
  await expect(join(first)).rejects.toThrow('certificate');
});

test('BP-TRN-05: files that cannot be used are told once, and all stays as it was', async () => {
  const { join, lines } = await start();
  replace({ cert: second.cert });
  expect(await told(lines, 1)).toMatchObject({
    level: 'error',
    msg: 'TLS files cannot be read again; all stays as it was',
    listener: '127.0.0.1:0',
    fault: expect.stringContaining('certificate and key cannot be used: '),
  });
  await join(first);
  rmSync(`${folder}/cert.pem`);
  expect(await told(lines, 2)).toMatchObject({
    fault: expect.stringMatching(/^there is no file .*cert\.pem$/),
  });
  replace({ cert: second.cert.slice(0, 300), key: second.key });
  expect(await told(lines, 3)).toMatchObject({ level: 'error' });
  await join(first);
  replace(second);
  expect(await told(lines, 4)).toMatchObject({ level: 'info' });
  await join(second);
});

test.each([
  ['nothing', '', 'holds no certificate'],
  ['half a certificate', second.cert.slice(0, 300), 'is cut off'],
  ['no certificate', second.cert.replace(/MII/, 'AAA'), 'clientCa cannot be used'],
])('BP-TRN-05: the authorities of clients are renewed, but never by %s', async (_, broken, fault) => {
  replace({ ca: first.cert });
  const { join, lines } = await start({ clientCa: 'ca.pem', requireClientCertificate: true });
  await join(first, first);
  replace({ ca: broken });
  expect(await told(lines, 1)).toMatchObject({ level: 'error', fault: expect.stringContaining(fault) });
  await join(first, first);
  replace({ ca: second.cert });
  await told(lines, 2);
  await join(first, second);
  await expect(join(first, first)).rejects.toThrow();
});
