import { Payload } from '@wampkit/protocol';
import { CookieAuthenticator } from '../authentication/cookie.js';
import type { Realm } from '../realm/realm.js';
import { answer, invalidArgument, type Procedures } from './procedure.js';

/** `wamp.cookie.*`, where a realm has method `cookie`: revokes what browsers join by. Sessions go on. */
export function cookieProcedures(realm: Realm): Procedures {
  const cookies = realm.authenticators.get('cookie');
  if (!(cookies instanceof CookieAuthenticator)) return {};
  return {
    'wamp.cookie.forget': ({ caller }) => {
      if (caller !== null) cookies.forget(realm.name, caller.peer.transport);
      return Payload.empty;
    },
    'wamp.cookie.revoke_by_authid': ({ args: [authid] }) => {
      if (typeof authid !== 'string') return invalidArgument('authid must be a string');
      return answer(cookies.revoke((of) => of.realm === realm.name && of.authid === authid));
    },
    'wamp.cookie.revoke_all': () => answer(cookies.revoke((of) => of.realm === realm.name)),
  };
}
