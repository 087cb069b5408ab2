import { describe, expect, test } from 'vitest';
import { anonymousAuthenticator } from '../authentication/anonymous.js';
import type { Authenticator } from '../authentication/authenticator.js';
import { ticketAuthenticator } from '../authentication/ticket.js';
import { type AuthenticatorFixture, authenticatorContract } from './authenticator-contract.js';

const ticket = (signature: string) => () => ({ signature });

const fixtures: Record<string, AuthenticatorFixture> = {
  anonymous: { create: () => anonymousAuthenticator({ role: 'guest' }), welcome: {}, unwelcome: [] },
  ticket: {
    create: () => ticketAuthenticator({ users: { joe: { ticket: 'secret', role: 'user' } } }),
    welcome: { authid: 'joe', answer: ticket('secret') },
    unwelcome: [
      { authid: 'joe', answer: ticket('wrong') },
      { authid: 'nobody', answer: ticket('secret') },
      { answer: ticket('secret') },
    ],
  },
};

describe.each(Object.entries(fixtures))('%s', (_, fixture) => {
  for (const { name, run } of authenticatorContract(fixture)) test(name, run);
});

const failing = async (create: () => Authenticator): Promise<string[]> => {
  const fixture = {
    create,
    welcome: { answer: ticket('x') },
    unwelcome: [{ authid: 'bad', answer: ticket('y') }],
  };
  const failed: string[] = [];
  for (const { name, run } of authenticatorContract(fixture))
    await run().catch(() => failed.push(name.split(':')[0] as string));
  return failed;
};

test('AUTH-03, AUTH-04: the contract finds an authenticator that lets everybody in, or nobody', async () => {
  const accept = { type: 'accept', authid: 'a', authrole: 'r' } as const;
  expect(await failing(() => ({ method: 'm', start: () => accept }))).toEqual(['AUTH-02', 'AUTH-04']);
  const deny = { type: 'deny', reason: 'no uri' } as const;
  expect(await failing(() => ({ method: '', start: () => deny }))).toEqual([
    'AUTH-01',
    'AUTH-03',
    'AUTH-02',
    'AUTH-04',
  ]);
});

test('AUTH-02: the contract finds an authenticator that keeps an exchange in a field', async () => {
  let authid: string | undefined;
  const forgetful: Authenticator = {
    method: 'm',
    start: (request) => {
      authid = request.authid;
      return {
        type: 'challenge',
        extra: {},
        answer: () =>
          authid === undefined
            ? { type: 'accept', authid: 'a', authrole: 'r' }
            : { type: 'deny', reason: 'wamp.error.authentication_denied' },
      };
    },
  };
  expect(await failing(() => forgetful)).toEqual(['AUTH-02']);
});

test('AUTH-02: the contract finds an authenticator that challenges for ever', async () => {
  const step = { type: 'challenge' as const, extra: {}, answer: () => step };
  expect(await failing(() => ({ method: 'm', start: () => step }))).toEqual([
    'AUTH-03',
    'AUTH-02',
    'AUTH-04',
  ]);
});
