import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, tls } from '@wampkit/client';
import { Hello, type Message, MessageCode } from '@wampkit/protocol';
import { type ConfigInput, type RunningRouter, startRouterApp } from '@wampkit/router-app';
import { jsonSerializer } from '@wampkit/serializer';
import { testTls } from '@wampkit/testkit';
import { connectPeer } from '@wampkit/transport';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { spawnCli } from '../cli/spawn-cli.js';

const certificate = testTls();
const roles = [{ name: 'user' }];
const loopback = { bind: '127.0.0.1:0' };
const open: RunningRouter[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'by-transport-'));
  writeFileSync(join(folder, 'server.pem'), certificate.cert);
  writeFileSync(join(folder, 'server.key'), certificate.key);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function start(config: ConfigInput): Promise<RunningRouter> {
  const running = await startRouterApp({ log: { level: 'silent' }, ...config }, { folder });
  open.push(running);
  return running;
}

test('AUTH-05: a client joins by its TLS certificate, whoever signed it', async () => {
  const { fingerprint256 } = new X509Certificate(certificate.cert);
  const { addresses } = await start({
    listeners: [{ ...loopback, tls: { certificate: 'server.pem', key: 'server.key' } }],
    realms: [
      {
        name: 'a',
        roles,
        authentication: [
          { method: 'tls', users: { dev: { fingerprint: `sha256:${fingerprint256}`, role: 'user' } } },
        ],
      },
    ],
  });
  const joinBy = async (tls: object) => {
    const peer = await connectPeer(`tcps://${addresses[0]}`, {
      serializers: [jsonSerializer],
      tls: { rejectUnauthorized: false, ...tls },
    });
    const answer = new Promise<Message>((resolve) => {
      peer.onMessage = resolve;
    });
    peer.send(new Hello('a', { roles: { caller: {} }, authmethods: ['tls'] }));
    return answer;
  };
  expect(await joinBy(certificate)).toMatchObject({
    code: MessageCode.Welcome,
    details: { authid: 'dev', authrole: 'user', authmethod: 'tls' },
  });
  expect(await joinBy({})).toMatchObject({ reason: 'wamp.error.authentication_required' });
});

test('AUTH-05: program and shell join by a TLS certificate', { timeout: 30_000 }, async () => {
  const fingerprint = `sha256:${new X509Certificate(certificate.cert).fingerprint256}`;
  const { addresses } = await start({
    listeners: [{ ...loopback, tls: { certificate: 'server.pem', key: 'server.key' } }],
    realms: [
      {
        name: 'realm1',
        roles: [{ name: 'user', permissions: [{ uri: 'wamp.session.count', allow: ['call'] }] }],
        authentication: [{ method: 'tls', users: { dev: { fingerprint, role: 'user' } } }],
      },
    ],
  });
  const url = `wss://${addresses[0]}/ws`;
  const { cert, key } = certificate;
  await using client = await connect(url, {
    realm: 'realm1',
    reconnect: false,
    auth: tls(),
    tls: { ca: cert, cert, key },
  });
  expect(client.session).toMatchObject({ authid: 'dev', authmethod: 'tls' });
  const [pem, privateKey] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  const options = ['--url', url, '--tls-ca', pem, '--tls-cert', pem, '--tls-key', privateKey];
  const cli = spawnCli(...options, '--auth-method', 'tls', 'call', 'wamp.session.count');
  expect(await cli.exit, cli.err()).toBe(0);
  expect(cli.out()).toContain('[2]');
});

test('AUTH-05: a browser joins again by the cookie of its listener', async () => {
  const { urls } = await start({
    listeners: [{ ...loopback, cookie: { name: 'it' } }],
    realms: [
      {
        name: 'a',
        roles,
        authentication: [
          { method: 'cookie' },
          { method: 'ticket', users: { joe: { ticket: 'secret', role: 'user' } } },
        ],
      },
    ],
  });
  const talkAs = async (cookie?: string) => {
    const socket = new WebSocket(urls[0]!, 'wamp.2.json', {
      headers: cookie === undefined ? {} : { cookie },
    });
    const received: unknown[][] = [];
    socket.on('message', (bytes) => received.push(JSON.parse(String(bytes))));
    const [[response]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')]);
    const say = async (...message: unknown[]) => {
      const before = received.length;
      socket.send(JSON.stringify(message));
      return vi.waitFor(() => {
        if (received.length === before) throw new Error('no answer');
        return received[before]!;
      });
    };
    return {
      say,
      set: response.headers['set-cookie']?.[0] as string | undefined,
      close: () => socket.close(),
    };
  };
  const hello = { roles: { caller: {} }, authmethods: ['cookie', 'ticket'], authid: 'joe' };
  const first = await talkAs();
  expect((await first.say(1, 'a', hello)).slice(0, 2)).toEqual([4, 'ticket']);
  expect((await first.say(5, 'secret', {}))[0]).toBe(2);
  const again = await talkAs(first.set?.split(';')[0]);
  expect(again.set).toBeUndefined();
  expect((await again.say(1, 'a', hello))[2]).toMatchObject({ authid: 'joe', authmethod: 'cookie' });
  const other = await talkAs('it=forged');
  expect((await other.say(1, 'a', hello)).slice(0, 2)).toEqual([4, 'ticket']);
  for (const each of [first, again, other]) each.close();
});
