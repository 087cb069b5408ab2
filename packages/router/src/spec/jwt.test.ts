import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwt } from '@wampkit/auth';
import { FakeClock, Greeter, reasonOf } from '@wampkit/testkit';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Router } from '../index.js';
import { type JwtAuthenticatorOptions, jwtAuthenticator } from '../jwt.js';

const START = Date.UTC(2026, 0, 1);
const seconds = (after: number) => START / 1000 + after;
const roles = ['user', 'admin'].map((name) => ({ name, permissions: [] }));
const shared = 'a shared key of thirty-two octets';

const make = (alg: string) => generateKeyPair(alg, { extractable: true });
const keys: Record<string, Awaited<ReturnType<typeof make>>> = {};
let jwks: { keys: Record<string, unknown>[] };
let server: Server;
let url: string;
let fetched = 0;
let status = 200;

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA', 'RS512']) keys[alg] = await make(alg);
  jwks = { keys: [] };
  for (const [alg, { publicKey }] of Object.entries(keys))
    jwks.keys.push({ ...(await exportJWK(publicKey)), alg, kid: alg, use: 'sig' });
  server = createServer((_, response) => {
    fetched++;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const token = (claims: JWTPayload = {}, alg = 'RS256', header: Record<string, unknown> = {}) =>
  new SignJWT({ sub: 'joe', role: 'user', exp: seconds(60), ...claims })
    .setProtectedHeader({ alg, ...(alg === 'HS256' ? {} : { kid: alg }), ...header })
    .sign(alg === 'HS256' ? new TextEncoder().encode(shared) : keys[alg]!.privateKey);

const world = (options: Partial<JwtAuthenticatorOptions> = {}) => {
  const clock = new FakeClock();
  const given = { keys: { keySet: jwks as never }, roles: ['user', 'admin'], ...options };
  const authenticators = [jwtAuthenticator({ ...given, clock } as JwtAuthenticatorOptions)];
  const router = new Router({ realms: [{ name: 'realm1', authenticators, roles }], clock });
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  return { clock, greet, join, end: async (text: string) => reasonOf((await join(jwt(text))).message) };
};

const denied = 'wamp.error.authentication_denied';

test.each(['RS256', 'ES256', 'EdDSA'])(
  'AUTH-03: who has a token of %s joins as its claims say',
  async (alg) => {
    const { join } = world();
    const { details } = await join(jwt(await token({}, alg)));
    expect(details).toMatchObject({
      authid: 'joe',
      authrole: 'user',
      authmethod: 'jwt',
      authprovider: 'jwt',
    });
  },
);

test('AUTH-03: so does who has a token of HS256 by a shared key', async () => {
  const { join, end } = world({ keys: { secret: shared } });
  expect((await join(jwt(await token({}, 'HS256')))).details).toMatchObject({ authid: 'joe' });
  const foreign = await new SignJWT({ sub: 'joe', role: 'user', exp: seconds(60) })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode('another key of thirty-two octets!'));
  expect(await end(foreign)).toBe(denied);
});

test('AUTH-04: alg none, and a public key taken for the secret of an HMAC, are refused', async () => {
  const claims = { sub: 'joe', role: 'user', exp: seconds(60) };
  const pem = await exportSPKI(keys.RS256!.publicKey);
  const confused = (kid?: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', ...(kid && { kid }) })
      .sign(new TextEncoder().encode(pem));
  const octets = { kty: 'oct', k: Buffer.from(shared).toString('base64url'), kid: 'oct' };
  const withSecret = world({ keys: { keySet: { keys: [...jwks.keys, octets] } as never } });
  for (const { end } of [world(), world({ keys: { secret: pem } }), withSecret]) {
    expect(await end(new UnsecuredJWT(claims).encode())).toBe(denied);
    expect(await end(await token({}, 'RS512'))).toBe(denied);
  }
  for (const { end } of [world(), withSecret])
    for (const text of [await confused(), await confused('RS256'), await token({}, 'HS256', { kid: 'oct' })])
      expect(await end(text)).toBe(denied);
});

test.each<[string, JWTPayload]>([
  ['has expired', { exp: seconds(-6) }],
  ['has no end', { exp: undefined }],
  ['is not good yet', { nbf: seconds(6) }],
  ['is for others', { aud: 'other' }],
  ['is for nobody', { aud: undefined }],
  ['is of another issuer', { iss: 'https://evil.example' }],
  ['is of no issuer', { iss: undefined }],
  ['names nobody', { sub: undefined }],
  ['names nobody by a text', { sub: 5 as never }],
  ['names no role', { role: undefined }],
  ['has a role of no text', { role: { a: 1 } }],
  ['has roles of which there is none', { role: ['ghost'] }],
])('AUTH-04: a token that %s is refused, without a word of what is in it', async (_, claims) => {
  const { join } = world({ issuer: 'https://a.example', audience: ['wamp', 'more'] });
  const good = { iss: 'https://a.example', aud: 'wamp' };
  expect((await join(jwt(await token(good)))).details).toMatchObject({ authid: 'joe' });
  const text = await token({ ...good, ...claims });
  const { message } = await join(jwt(text));
  expect(reasonOf(message)).toBe(denied);
  for (const part of [...text.split('.'), 'evil', 'joe']) expect(JSON.stringify(message)).not.toContain(part);
});

test.each(['', 'a', 'a.b.c', 'x'.repeat(60_000), '..', `${'e30'}.e30.`])(
  'AUTH-04: what is no token is refused: %#',
  async (text) => {
    expect(await world().end(text)).toBe(denied);
  },
);

test('AUTH-04: an altered token is refused', async () => {
  const [header, , signature] = (await token()).split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'admin', role: 'admin', exp: seconds(60) })).toString(
    'base64url',
  );
  expect(await world().end(`${header}.${claims}.${signature}`)).toBe(denied);
});

test('AUTH-03: claims of other names, nested and in lists, are read as the options say', async () => {
  const { join } = world({ roleClaim: 'realm_access.roles', authidClaim: 'https://a.example/name' });
  const claims = {
    role: undefined,
    realm_access: { roles: ['ghost', 'admin', 'user'] },
    'https://a.example/name': 'ann',
  };
  expect((await join(jwt(await token(claims)))).details).toMatchObject({ authid: 'ann', authrole: 'user' });
});

test('AUTH-03: tokens without a role have that of the options', async () => {
  const { join } = world({ role: 'user' });
  expect((await join(jwt(await token({ role: undefined })))).details).toMatchObject({ authrole: 'user' });
  expect((await join(jwt(await token({ role: 'admin' })))).details).toMatchObject({ authrole: 'admin' });
});

test('AUTH-04: a role that there is not gives no_such_role', async () => {
  expect(await world().end(await token({ role: 'ghost' }))).toBe('wamp.error.no_such_role');
});

test('AUTH-04: an authid that the client asks for must be that of its token', async () => {
  const { join } = world();
  const text = await token();
  expect(reasonOf((await join(jwt(text), { details: { authid: 'ann' } })).message)).toBe(denied);
  expect((await join(jwt(text), { details: { authid: 'joe' } })).details).toMatchObject({ authid: 'joe' });
});

test('AUTH-02: the session ends when its token does, with the tolerance of clocks', async () => {
  const { join, clock } = world({ clockTolerance: 2_000 });
  const { peer } = await join(jwt(await token()));
  clock.advance(61_999);
  expect(await peer.exchange()).toEqual([]);
  clock.advance(1);
  expect((await peer.exchange())[0]?.slice(0, 1)).toEqual([6]);
});

test('AUTH-05: a bearer token of the WebSocket request is taken without a challenge; one that is not good is not', async () => {
  const { greet } = world();
  const bearer = (text: string) => ({
    transport: { type: 'websocket', headers: { authorization: `Bearer ${text}` } },
  });
  expect((await greet({ authmethods: ['jwt'] }, bearer(await token()))).answer[2]).toMatchObject({
    authid: 'joe',
  });
  for (const text of ['a.b.c', await token({ exp: seconds(-60) })])
    expect((await greet({ authmethods: ['jwt'] }, bearer(text))).answer.slice(0, 2)).toEqual([4, 'jwt']);
});

test('AUTH-04: keys are fetched when they are needed, and held', async () => {
  fetched = 0;
  const { join } = world({ keys: { jwks: url } });
  expect(fetched).toBe(0);
  for (let count = 0; count < 3; count++)
    expect((await join(jwt(await token()))).details).toMatchObject({ authid: 'joe' });
  expect(fetched).toBe(1);
});

test('AUTH-04: an issuer that cannot be reached, or gives no keys, is a technical failure', async () => {
  status = 500;
  expect(await world({ keys: { jwks: url } }).end(await token())).toBe('wamp.error.authentication_failed');
  status = 200;
  expect(await world({ keys: { jwks: 'http://127.0.0.1:1/' } }).end(await token())).toBe(
    'wamp.error.authentication_failed',
  );
});

test('AUTH-04: a key set that changes is looked at as it is', async () => {
  let now: { keys: unknown[] } = { keys: [] };
  const { end, join } = world({ keys: { keySet: () => now as never } });
  expect(await end(await token())).toBe(denied);
  now = jwks;
  expect((await join(jwt(await token()))).details).toMatchObject({ authid: 'joe' });
});

test.each<[string, JwtAuthenticatorOptions['keys'], RegExp]>([
  ['a shared key that is too short', { secret: 'SECRET' }, /at least 32 octets/],
  ['a URL without TLS', { jwks: 'http://issuer.example/' }, /must be https:/],
  ['what is no URL', { jwks: 'keys' }, /must be https:/],
  ['what is no key set', { keySet: {} as never }, /no JSON Web Key Set/],
])('AUTH-04: %s is refused when it is made, and not quoted', (_, given, fault) => {
  expect(() => jwtAuthenticator({ keys: given })).toThrow(fault);
  expect(() => jwtAuthenticator({ keys: given })).not.toThrow(/SECRET/);
});
