import {
  createCryptosignChallenge,
  cryptosignChannelId,
  cryptosignPublicKey,
  signCryptosign,
  verifyCryptosign,
} from '@wampkit/auth/cryptosign';
import type { Dict, TransportInfo } from '@wampkit/protocol';
import type { Authenticator, AuthRequest, AuthStep, DenyStep } from './authenticator.js';
import { denied, failed, noSuchPrincipal, required } from './denials.js';
import { StaticUsers } from './static-users.js';
import { acceptUser, isDenial, type KnownUser, type UserSource } from './user-source.js';
import { openUsers, type Users } from './users.js';

/** A user who proves itself by an Ed25519 key. */
export interface CryptosignUser extends KnownUser {
  /** Public keys, each 64 hex digits; `null`: the key that it showed, for whoever found it has looked at that. */
  readonly authorizedKeys: readonly string[] | null;
}

/** Options of `cryptosignAuthenticator`. */
export interface CryptosignAuthenticatorOptions {
  readonly users: Users<CryptosignUser>;
  /** The Ed25519 seed, 64 hex digits, that proves the router to clients that send a challenge (CS-05). Default: none. */
  readonly routerKey?: string;
}

/**
 * WAMP-Cryptosign (CS-01 to CS-05), with channel binding where TLS offers it. A client that names no authid is whom its
 * key belongs to.
 *
 * A key or an authid that nobody has is challenged too, and its signature checked: it is refused with
 * `wamp.error.no_such_principal` after the same work.
 *
 * @throws {ConfigError} when `routerKey` is no key
 */
export function cryptosignAuthenticator(options: CryptosignAuthenticatorOptions): Authenticator {
  const users = openUsers<CryptosignUser>(options.users, readCryptosignUser);
  const router = options.routerKey === undefined ? null : routerProof(options.routerKey);
  return {
    method: 'cryptosign',
    async start(request): Promise<AuthStep> {
      const hello = readHello(request);
      if ('type' in hello) return hello;
      const { pubkey, binding, channelId } = hello;
      // it signs what any client asks for: its signature proves nobody else
      if (pubkey === router?.pubkey) return denied('this is the key of the router');
      const authid = request.authid ?? ownerOf(users, pubkey);
      const found = await users.find({
        ...request,
        ...(authid === undefined ? {} : { authid }),
        authmethod: 'cryptosign',
      });
      if (isDenial(found)) return found;
      const challenge = createCryptosignChallenge();
      const proof = hello.challenge === null ? {} : router?.prove(hello.challenge, channelId);
      return {
        type: 'challenge',
        extra: { challenge, channel_binding: binding, ...proof },
        answer: (signature) => {
          const isSigned = verifyCryptosign(pubkey, signature, challenge, channelId);
          if (found === undefined) return noSuchPrincipal(authid ?? pubkey);
          if (!isSigned || !holds(found, pubkey)) return denied('wrong key or signature');
          return acceptUser(found, { authid: authid ?? pubkey, authprovider: users.authprovider });
        },
      };
    },
  };
}

/** What a client said first. */
interface CryptosignHello {
  /** In lower case. */
  readonly pubkey: string;
  /** What the router shall sign; `null` when the client asks for no proof. */
  readonly challenge: string | null;
  /** The type of the channel binding that holds; `null`: none. */
  readonly binding: string | null;
  readonly channelId: Uint8Array | undefined;
}

const KEY = /^[0-9a-f]{64}$/i;

/* CS-01 */
function readHello({ authextra, transport }: AuthRequest): CryptosignHello | DenyStep {
  const { pubkey, challenge = null, channel_binding: type = null } = authextra;
  if (pubkey === undefined || pubkey === null) return required('cryptosign needs authextra.pubkey');
  if (typeof pubkey !== 'string' || !KEY.test(pubkey))
    return failed('authextra.pubkey must be 64 hex digits');
  if (challenge !== null && (typeof challenge !== 'string' || !KEY.test(challenge)))
    return failed('authextra.challenge must be 64 hex digits');
  return { pubkey: pubkey.toLowerCase(), challenge, ...bindTo(transport, type) };
}

/* CS-04: without the binding that was asked for, the answer names none, and the client decides (A16). */
function bindTo(transport: TransportInfo, type: unknown): Pick<CryptosignHello, 'binding' | 'channelId'> {
  const data =
    type === 'tls-exporter' || type === 'tls-unique' ? (transport.channelBinding?.(type) ?? null) : null;
  if (data === null) return { binding: null, channelId: undefined };
  return { binding: type as string, channelId: cryptosignChannelId(type as 'tls-exporter', data) };
}

/** What proves the router. */
interface RouterProof {
  readonly pubkey: string;
  prove(challenge: string, channelId: Uint8Array | undefined): Dict;
}

/* CS-05 */
function routerProof(seed: string): RouterProof {
  const pubkey = cryptosignPublicKey(seed);
  return {
    pubkey,
    prove: (challenge, channelId) => ({ pubkey, signature: signCryptosign(seed, challenge, channelId) }),
  };
}

function ownerOf(users: UserSource<CryptosignUser>, pubkey: string): string | undefined {
  return users instanceof StaticUsers ? users.authidOf(pubkey, keysOf) : undefined;
}

function keysOf({ authorizedKeys }: CryptosignUser): readonly string[] {
  return (authorizedKeys ?? []).map((key) => key.toLowerCase());
}

function holds(user: CryptosignUser, pubkey: string): boolean {
  return user.authorizedKeys === null || keysOf(user).includes(pubkey);
}

/* A role alone, or no keys: the procedure has looked at the key that the client showed. */
function readCryptosignUser(user: KnownUser, { authorizedKeys, pubkey }: Dict): CryptosignUser | null {
  const keys = authorizedKeys ?? (pubkey === undefined || pubkey === null ? null : [pubkey]);
  if (keys === null) return { ...user, authorizedKeys: null };
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string' && KEY.test(key))) return null;
  return { ...user, authorizedKeys: keys };
}
