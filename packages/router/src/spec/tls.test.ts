import { tls } from '@wampkit/auth';
import { Greeter, reasonOf } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { anonymousAuthenticator, Router, tlsAuthenticator } from '../index.js';

const users = {
  'device-1': { fingerprint: `sha256:${'AB:'.repeat(31)}AB`, role: 'device' },
  'device-2': { fingerprint: `sha256:${'cd'.repeat(32)}`, role: 'device' },
};
const router = new Router({
  realms: [
    {
      name: 'realm1',
      authenticators: [tlsAuthenticator({ users }), anonymousAuthenticator({ role: 'device' })],
      roles: [{ name: 'device', permissions: [] }],
    },
  ],
});
const { join, greet } = new Greeter((peer) => router.attach(peer));
const showing = (fingerprint: string) => ({
  transport: { type: 'rawsocket', clientCertificate: { fingerprint, subject: 'CN=x', authorized: false } },
});

test.each([
  [undefined, 'ab', 'device-1'],
  ['device-1', 'ab', 'device-1'],
  [undefined, 'cd', 'device-2'],
])(
  'AUTH-05: a client that names %s joins by its certificate as whom that belongs to',
  async (authid, octet, name) => {
    const { details } = await join(tls(authid), showing(octet.repeat(32)));
    expect(details).toMatchObject({
      authid: name,
      authrole: 'device',
      authmethod: 'tls',
      authprovider: 'static',
    });
  },
);

test.each([
  [undefined, 'ef', 'wamp.error.no_such_principal'],
  ['nobody', 'ab', 'wamp.error.no_such_principal'],
  ['device-2', 'ab', 'wamp.error.authentication_denied'],
])('AUTH-05, AUTH-04: %s with certificate %s is refused: %s', async (authid, octet, reason) => {
  expect(reasonOf((await join(tls(authid), showing(octet.repeat(32)))).message)).toBe(reason);
});

test('AUTH-04: without a certificate authentication is required', async () => {
  expect(reasonOf((await join(tls())).message)).toBe('wamp.error.authentication_required');
});

test('AUTH-01: without a certificate the next method of the client is taken', async () => {
  const { answer } = await greet({ authmethods: ['tls', 'anonymous'] });
  expect(answer[2]).toMatchObject({ authmethod: 'anonymous' });
});
