import { deriveWampcraKey, verifyWampcra } from '@wampkit/auth/wampcra';
import { type Clock, type Dict, systemClock } from '@wampkit/protocol';
import type { Authenticator, AuthRequest, AuthStep } from './authenticator.js';
import { decoySalt } from './decoys.js';
import { authidRequired, busy, denied, noSuchPrincipal } from './denials.js';
import { Derivations } from './derivations.js';
import { randomHex } from './random-hex.js';
import { acceptUser, isDenial, type KnownUser, type UserSource } from './user-source.js';
import { openUsers, type Users } from './users.js';

/** A user who proves itself by a secret, or by a key that was derived from it. */
export interface WampcraUser extends KnownUser {
  /** The secret. With a `salt`, that or the key derived from it in base64: both fit. */
  readonly secret: string;
  /** What the client derives its key with; absent: it signs with the secret. */
  readonly salt?: string;
  /** Default 1000. */
  readonly iterations?: number;
  /** Octets of the derived key. Default 32. */
  readonly keylen?: number;
}

/** Options of `wampcraAuthenticator`. */
export interface WampcraAuthenticatorOptions {
  readonly users: Users<WampcraUser>;
  /** What the salts of those who do not exist are made by. Default: random. */
  readonly decoySecret?: string;
  /** Default: the platform's. */
  readonly clock?: Clock;
}

/**
 * WAMP-CRA, plain and salted (CRA-01 to CRA-05): HMAC-SHA256 of a challenge that names the session it is for.
 *
 * An authid that nobody has gets a challenge as its users get, with a salt that stays the same, and is refused with
 * `wamp.error.no_such_principal` after the same work.
 */
export function wampcraAuthenticator(options: WampcraAuthenticatorOptions): Authenticator {
  const users = openUsers<WampcraUser>(options.users, readWampcraUser);
  const { clock = systemClock, decoySecret = randomHex(32) } = options;
  const derivations = new Derivations();
  return {
    method: 'wampcra',
    async start(request): Promise<AuthStep> {
      const { authid } = request;
      if (authid === undefined) return authidRequired('wampcra');
      const found = await users.find({ ...request, authmethod: 'wampcra' });
      if (isDenial(found)) return found;
      const user = found ?? decoyOf(users, authid, decoySecret);
      const challenge = describeChallenge({ request, authid, user, users, now: clock.now() });
      return {
        type: 'challenge',
        extra: { challenge, ...costsOf(user) },
        answer: async (signature) => {
          const derive = (work: () => Promise<string>) => derivations.run(request, work);
          const matches = await isSignedBy(user, { challenge, signature, derive });
          if (matches === null) return busy;
          if (found === undefined) return noSuchPrincipal(authid);
          if (!matches) return denied('wrong signature');
          return acceptUser(found, { authid, authprovider: users.authprovider });
        },
      };
    },
  };
}

function decoyOf(users: UserSource<WampcraUser>, authid: string, secret: string): WampcraUser {
  const { role, salt, iterations, keylen }: Partial<WampcraUser> = users.decoy(authid) ?? {};
  const nobody = { role: role ?? 'user', secret: randomHex(32) };
  if (salt === undefined) return nobody;
  return {
    ...nobody,
    salt: decoySalt(secret, authid, salt),
    ...(iterations === undefined ? {} : { iterations }),
    ...(keylen === undefined ? {} : { keylen }),
  };
}

/* CRA-02 */
function describeChallenge(of: {
  readonly request: AuthRequest;
  readonly authid: string;
  readonly user: WampcraUser;
  readonly users: UserSource<WampcraUser>;
  readonly now: number;
}): string {
  return JSON.stringify({
    nonce: randomHex(16),
    authprovider: of.users.authprovider,
    authid: of.user.authid ?? of.authid,
    timestamp: new Date(of.now).toISOString(),
    authrole: of.user.role,
    authmethod: 'wampcra',
    session: of.request.session,
  });
}

/* CRA-04 */
function costsOf({ salt, iterations = 1000, keylen = 32 }: WampcraUser): Dict {
  return salt === undefined ? {} : { salt, iterations, keylen };
}

/* Without a cache: who is known and who is not would take different times. */
async function isSignedBy(
  user: WampcraUser,
  given: {
    readonly challenge: string;
    readonly signature: string;
    readonly derive: (work: () => Promise<string>) => Promise<string> | null;
  },
): Promise<boolean | null> {
  const { challenge, signature, derive } = given;
  const { secret, salt, iterations = 1000, keylen = 32 } = user;
  const isDirect = await verifyWampcra(secret, challenge, signature);
  if (salt === undefined || isDirect) return isDirect;
  const key = await derive(() => deriveWampcraKey(secret, { salt, iterations, keylen }));
  return key === null ? null : verifyWampcra(key, challenge, signature);
}

function readWampcraUser(user: KnownUser, { secret, salt, iterations, keylen }: Dict): WampcraUser | null {
  if (typeof secret !== 'string' || secret === '') return null;
  if (salt === undefined || salt === null || salt === '') return { ...user, secret };
  if (typeof salt !== 'string' || !isCount(iterations) || !isCount(keylen)) return null;
  return { ...user, secret, salt, ...(iterations && { iterations }), ...(keylen && { keylen }) };
}

function isCount(value: unknown): value is number | undefined | null {
  return value === undefined || value === null || (Number.isSafeInteger(value) && (value as number) > 0);
}
