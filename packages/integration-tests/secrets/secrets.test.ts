import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ticket } from '@wampkit/auth';
import { cryptosign } from '@wampkit/auth/cryptosign';
import { wampScram } from '@wampkit/auth/wamp-scram';
import { wampcra } from '@wampkit/auth/wampcra';
import { Authenticate, Hello, type Message, type Peer } from '@wampkit/protocol';
import { createLog, loadConfig, startRouterApp } from '@wampkit/router-app';
import { jsonSerializer } from '@wampkit/serializer';
import { connectPeer } from '@wampkit/transport';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/* Each secret begins with SECRET, or is one of these. */
const routerKey = '5ec4e7'.padEnd(64, 'a');
const salted = Buffer.from('SECRET-STORED').toString('base64');
const planted = ['SECRET', routerKey, salted];
const expectNoSecret = (text: string): void => {
  for (const secret of planted) expect(text).not.toContain(secret);
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const full = (more = '') => `
listeners:
  - { bind: "127.0.0.1:0", cookie: { keys: [SECRET-OF-THE-COOKIES-32-CHARACTERS] } }
realms:
  - name: realm1
    roles: [{ name: user }]
    authentication:
      - { method: ticket, users: { joe: { ticket: SECRET-TICKET, role: user } }, usersFile: users.yaml }
      - { method: wampcra, saltKey: SECRET-SALTS, users: { ann: { secret: SECRET-CRA, role: user } } }
      - { method: wamp-scram, users: { eve: { password: SECRET-SCRAM, role: user } } }
      - { method: cryptosign, routerKey: ${routerKey}, users: {} }
      - { method: jwt, key: SECRET-OF-THE-TOKENS-32-CHARACTERS }
      - { method: cookie }
${more}
log: { level: trace, format: json }
`;

test('config: no secret is in the log, whatever is tried, nor in what clients are told', async () => {
  write('users.yaml', 'ben: { ticket: SECRET-BEN, role: user }');
  const output = new PassThrough();
  let logged = '';
  output.on('data', (bytes) => {
    logged += bytes;
  });
  const loaded = loadConfig(write('router.yaml', full()));
  const running = await startRouterApp(loaded, { log: await createLog(loaded.config.log, output) });
  const peers: Peer[] = [];
  let told = '';
  const connect = async () => {
    const peer = await connectPeer(running.urls[0] as string, { serializers: [jsonSerializer] });
    peers.push(peer);
    return peer;
  };
  const attempt = async (hello: object, answer: (extra: never) => unknown) => {
    const peer = await connect();
    const received: Message[] = [];
    peer.onMessage = (message) => received.push(message);
    peer.send(new Hello('realm1', { roles: { caller: {} }, ...hello }));
    await vi.waitFor(() => expect(received).toHaveLength(1));
    const [first] = received;
    if (first?.code === 4) {
      const { signature, extra = {} } = (await answer(first.extra as never)) as Authenticate;
      peer.send(new Authenticate(signature, extra));
      await vi.waitFor(() => expect(received).toHaveLength(2), { timeout: 5_000 });
    }
    told += JSON.stringify(received);
    return received.at(-1)?.code;
  };
  for (const client of [
    ticket('joe', 'SECRET-TICKET'),
    ticket('joe', 'SECRET-WRONG'),
    ticket('ben', 'SECRET-BEN'),
    wampcra('ann', 'SECRET-CRA'),
    wampcra('ann', 'SECRET-WRONG'),
    wampScram('eve', 'SECRET-SCRAM'),
    wampScram('eve', 'SECRET-WRONG'),
    cryptosign('ab'.repeat(32)),
  ]) {
    const half = 'begin' in client ? client.begin({ transport: { type: 'websocket' } }) : client;
    const { method, authid, authextra = {} } = half;
    const code = await attempt({ authmethods: [method], authextra, ...(authid && { authid }) }, (extra) =>
      half.answer(extra),
    );
    expect([2, 3]).toContain(code);
  }
  await attempt({ authmethods: ['jwt'] }, () => ({ signature: 'SECRET.SECRET.SECRET' }));
  await attempt({ authmethods: ['ticket'], authid: 'joe' }, () => ({
    signature: 'SECRET',
    extra: { a: 'SECRET' },
  }));
  write('users.yaml', 'ben: { ticket: [SECRET-BEN], role: user }\nSECRET: 5');
  await vi.waitFor(() => expect(logged).toContain('cannot be read again'), { timeout: 10_000 });
  await running.close();
  expect(logged).toContain('session joined');
  expect(logged).toContain('join refused');
  // the key of a user is its name, not a secret
  expectNoSecret(logged.replaceAll('SECRET: expected', ''));
  expectNoSecret(told);
  for (const peer of peers) peer.close();
}, 30_000);
