import { cryptosignPublicKey } from '@wampkit/auth/cryptosign';
import type { Credentials } from '@wampkit/conformance';
import { anonymousAuthenticator, type RealmOptions, ticketAuthenticator } from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';

const privateKey = '4ffddd896a530ce5ee8c86b83b0d31835490a97a9cd718cb2f09c9fd31c4a7d7';
const routerKey = '71'.repeat(32);
const role = 'anonymous';

/** What the checks prove themselves with in `authenticatedRealm`. */
export const credentials: Credentials = {
  ticket: { authid: 'joe', ticket: 'joe-ticket' },
  wampcra: { authid: 'bob', secret: 'bob-secret' },
  'wamp-scram': { authid: 'eve', password: 'eve-password' },
  cryptosign: { authid: 'device', privateKey, routerKey: cryptosignPublicKey(routerKey) },
};

/** A realm with every method that a client can prove itself by over any transport. */
export const authenticatedRealm: RealmOptions = {
  name: 'authenticated',
  authenticators: [
    anonymousAuthenticator({ role }),
    ticketAuthenticator({ users: { joe: { ticket: 'joe-ticket', role } } }),
    wampcraAuthenticator({
      users: { bob: { secret: 'bob-secret', role, salt: 'bob-salt', iterations: 1000 } },
    }),
    wampScramAuthenticator({ users: { eve: { password: 'eve-password', role } } }),
    cryptosignAuthenticator({
      users: { device: { authorizedKeys: [cryptosignPublicKey(privateKey)], role } },
      routerKey,
    }),
  ],
  roles: [
    {
      name: role,
      permissions: [{ uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] }],
    },
  ],
};
