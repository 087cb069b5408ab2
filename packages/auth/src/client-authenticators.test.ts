import { expect, test } from 'vitest';
import { jwt } from './jwt.js';
import { ticket } from './ticket.js';
import { anonymous, cookie, tls } from './unsigned.js';

test('TICK-01: ticket answers the challenge with the ticket itself and names its authid', async () => {
  const authenticator = ticket('joe', 'secret');
  expect(authenticator).toMatchObject({ method: 'ticket', authid: 'joe' });
  expect(await authenticator.answer({})).toEqual({ signature: 'secret' });
});

test('TICK-01: a ticket given as a function is asked for at each handshake', async () => {
  let count = 0;
  const authenticator = ticket('joe', async () => `t${++count}`);
  expect(await authenticator.answer({})).toEqual({ signature: 't1' });
  expect(await authenticator.answer({})).toEqual({ signature: 't2' });
});

test('TICK-01: a ticket that cannot be had rejects the answer', async () => {
  const authenticator = ticket('joe', () => {
    throw new Error('vault is sealed');
  });
  await expect(authenticator.answer({})).rejects.toThrow('vault is sealed');
});

test('AUTH-01: anonymous offers the method, and an authid only when given one', () => {
  expect(anonymous().method).toBe('anonymous');
  expect('authid' in anonymous()).toBe(false);
  expect(anonymous('guest').authid).toBe('guest');
});

test('AUTH-02: jwt answers with its token, asked for at each handshake, and leaves the authid to it', async () => {
  let count = 0;
  const authenticator = jwt(() => `t${++count}`);
  expect([authenticator.method, authenticator.authid]).toEqual(['jwt', undefined]);
  expect(await authenticator.answer({})).toEqual({ signature: 't1' });
  expect(await authenticator.answer({})).toEqual({ signature: 't2' });
  expect(await jwt('t').answer({})).toEqual({ signature: 't' });
});

test.each([
  ['tls', tls],
  ['cookie', cookie],
] as const)('AUTH-05: %s offers the method, and an authid only when given one', async (method, make) => {
  expect(make().method).toBe(method);
  expect('authid' in make()).toBe(false);
  expect(make('guest').authid).toBe('guest');
  expect(await make().answer({})).toEqual({ signature: '' });
});
