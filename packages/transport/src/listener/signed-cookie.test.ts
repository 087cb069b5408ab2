import { createHmac } from 'node:crypto';
import { jsonSerializer } from '@wampkit/serializer';
import { FakeClock, testTls } from '@wampkit/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createListener, type ListenerOptions } from '../index.js';
import { CookieSigner } from './signed-cookie.js';

const key = 'k'.repeat(32);
const pairOf = (setCookie: string | null) => (setCookie as string).split(';', 1)[0] as string;
const attributesOf = (setCookie: string | null) => (setCookie as string).split('; ').slice(1);

test('AUTH-05: a new browser gets a cookie that no script reads and no other site sends', () => {
  const signer = new CookieSigner({ keys: [key] }, new FakeClock());
  const { setCookie } = signer.admit(undefined, false);
  expect(pairOf(setCookie)).toMatch(/^wampkit=[\w-]{24}\.[0-9a-z]+\.[\w-]{43}$/);
  expect(attributesOf(setCookie)).toEqual(['Path=/', 'HttpOnly', 'Max-Age=86400', 'SameSite=Strict']);
});

test('AUTH-05: over TLS, or where it says so, a cookie is for TLS and for this host alone', () => {
  const clock = new FakeClock();
  for (const cookie of [
    new CookieSigner({ keys: [key] }, clock).admit(undefined, true),
    new CookieSigner({ keys: [key], secure: true }, clock).admit(undefined, false),
  ]) {
    expect(pairOf(cookie.setCookie)).toMatch(/^__Host-wampkit=/);
    expect(attributesOf(cookie.setCookie)).toContain('Secure');
  }
});

test('AUTH-05: a browser is known again by its cookie, among others', () => {
  const signer = new CookieSigner({ keys: [key] }, new FakeClock());
  const { id, setCookie } = signer.admit('other=1', false);
  expect(signer.admit(`other=1; wampkit=junk; ${pairOf(setCookie)}; more=2`, false)).toEqual({
    id,
    setCookie: null,
  });
});

test('AUTH-05: a cookie that was altered, of another key, name or time is not believed', () => {
  const clock = new FakeClock();
  const signer = new CookieSigner({ keys: [key], maxAge: 1000 }, clock);
  const first = signer.admit(undefined, false);
  const value = pairOf(first.setCookie);
  const [id, expires, signature] = value.slice('wampkit='.length).split('.') as [string, string, string];
  const foreign = createHmac('sha256', 'x'.repeat(32)).update(`wampkit.${id}.${expires}`).digest('base64url');
  for (const forged of [
    `wampkit=${id}`,
    `wampkit=${id}.${expires}`,
    `wampkit=${id}.${expires}.`,
    `wampkit=${id}.${expires}.${signature}x`,
    `wampkit=${id}.${expires}.${foreign}`,
    `wampkit=A${id.slice(1)}.${expires}.${signature}`,
    `wampkit=${id}.zzzzzzzzz.${signature}`,
    `wampkit=${id}.${expires}.${signature}.more`,
    `other=${id}.${expires}.${signature}`,
  ])
    expect(signer.admit(forged, false).setCookie, forged).not.toBeNull();
  expect(signer.admit(value, true).setCookie).not.toBeNull();
  clock.advance(1000);
  expect(signer.admit(value, false).setCookie).not.toBeNull();
});

test('AUTH-05: what is told of the cookies of a browser leaves this one out, whatever it is worth', () => {
  const signer = new CookieSigner({ keys: [key] }, new FakeClock());
  expect(signer.othersOf('a=1; wampkit=x.y.z; b=wampkit=2;__Host-wampkit=3;wampkit2=4')).toBe(
    'a=1; b=wampkit=2; wampkit2=4',
  );
  expect(signer.othersOf('wampkit=x')).toBeUndefined();
  expect(signer.othersOf(undefined)).toBeUndefined();
});

test('AUTH-05: an older key is still believed, and the first one signs', () => {
  const clock = new FakeClock();
  const { id, setCookie } = new CookieSigner({ keys: [key] }, clock).admit(undefined, false);
  const rotated = new CookieSigner({ keys: ['n'.repeat(32), key] }, clock);
  expect(rotated.admit(pairOf(setCookie), false)).toEqual({ id, setCookie: null });
  const next = rotated.admit(undefined, false);
  expect(
    new CookieSigner({ keys: [key] }, clock).admit(pairOf(next.setCookie), false).setCookie,
  ).not.toBeNull();
});

test('AUTH-05: a name that is none, or a short key, is refused, and the key not quoted', () => {
  const clock = new FakeClock();
  expect(() => new CookieSigner({ name: 'a b' }, clock)).toThrow('cookie: its name');
  expect(() => new CookieSigner({ keys: ['short-key'] }, clock)).toThrow(/at least 32/);
  expect(() => new CookieSigner({ keys: ['short-key'] }, clock)).not.toThrow(/short-key/);
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const open = async (options: Partial<ListenerOptions>) => {
  const cookies: (string | undefined)[] = [];
  const headers: (string | undefined)[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer],
    onPeer: ({ transport }) => {
      headers.push(transport.headers?.cookie);
      cookies.push(transport.cookie);
    },
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  const dial = async (scheme: string, headers: Record<string, string> = {}) => {
    const ws = new WebSocket(`${scheme}://${listener.address}/ws`, ['wamp.2.json'], {
      headers,
      ca: testTls().cert,
    });
    closers.push(() => ws.terminate());
    const answered = new Promise<string[] | undefined>((resolve, reject) => {
      ws.on('upgrade', (response) => resolve(response.headers['set-cookie']));
      ws.on('error', reject);
    });
    const before = cookies.length;
    const setCookie = await answered;
    await vi.waitFor(() => expect(cookies).toHaveLength(before + 1));
    return { setCookie, cookie: cookies[before] };
  };
  return { dial, headers };
};

test('AUTH-05: the answer to a WebSocket handshake sets the cookie, and the transport tells it', async () => {
  const { dial } = await open({ cookie: { name: 'it' } });
  const first = await dial('ws');
  expect(first.setCookie).toHaveLength(1);
  const again = await dial('ws', { cookie: pairOf(first.setCookie?.[0] as string) });
  expect(again).toEqual({ setCookie: undefined, cookie: first.cookie });
  expect((await dial('ws', { cookie: 'it=forged' })).cookie).not.toBe(first.cookie);
});

test('AUTH-05: a procedure that is told the headers of a transport cannot come back as its browser', async () => {
  const { dial, headers } = await open({ cookie: {} });
  const { setCookie } = await dial('ws');
  await dial('ws', { cookie: `session=1; ${pairOf(setCookie?.[0] as string)}` });
  expect(headers).toEqual([undefined, 'session=1']);
});

test('AUTH-05: without the option there is no cookie, whatever a client brings', async () => {
  const { dial } = await open({});
  expect(await dial('ws', { cookie: 'wampkit=forged' })).toEqual({ setCookie: undefined, cookie: undefined });
});

test('AUTH-05: over TLS it is a cookie of this host alone', async () => {
  const { dial } = await open({ cookie: {}, tls: testTls() });
  expect((await dial('wss')).setCookie?.[0]).toMatch(/^__Host-wampkit=.*; Secure$/);
});
