import {
  deriveScramKeys,
  extendScramNonce,
  isScramNonce,
  mockScramUser,
  type ScramChannelBinding,
  type ScramUser as StoredScramUser,
  saslPrep,
  scramAuthMessage,
  verifyScramProof,
} from '@wampkit/auth/wamp-scram';
import type { ChannelBindingType, Dict, TransportInfo } from '@wampkit/protocol';
import type { Authenticator, AuthRequest, AuthStep } from './authenticator.js';
import { base64Of, decoyOctets, octetsOf } from './decoys.js';
import { authidRequired, busy, denied, failed } from './denials.js';
import { Derivations } from './derivations.js';
import { randomHex } from './random-hex.js';
import { readScramUser, type ScramUser } from './read-scram-user.js';
import { acceptUser, isDenial, type UserSource } from './user-source.js';
import { openUsers, type Users } from './users.js';

/** Options of `wampScramAuthenticator`. */
export interface WampScramAuthenticatorOptions {
  /** By authid, as SASLprep makes it. */
  readonly users: Users<ScramUser>;
  /** What the salts of those who do not exist, and of those with a password, are made by. Default: random. */
  readonly decoySecret?: string;
}

/** Costs of a password that is not stored in another form. */
const passwordCosts = { kdf: 'pbkdf2', iterations: 10_000 } as const;

/**
 * WAMP-SCRAM with both key derivations, and channel binding where TLS offers it (SCRAM-01 to SCRAM-10). WELCOME's
 * `authextra.verifier` proves the router.
 *
 * An authid that nobody has gets a challenge as its users get, with a salt that stays the same, and is refused as if its
 * password were wrong (SCRAM-03).
 */
export function wampScramAuthenticator(options: WampScramAuthenticatorOptions): Authenticator {
  const users = openUsers<ScramUser>(options.users, readScramUser);
  const { decoySecret = randomHex(32) } = options;
  const derivations = new Derivations();
  return {
    method: 'wamp-scram',
    async start(request): Promise<AuthStep> {
      const hello = readHello(request);
      if ('type' in hello) return hello;
      const { authid } = hello;
      const found = await users.find({ ...request, authid, authmethod: 'wamp-scram' });
      if (isDenial(found)) return found;
      const user = found ?? decoyOf(users, authid, decoySecret);
      const derive = <T>(work: () => Promise<T>) => derivations.run(request, work);
      const exchange = new ScramExchange(hello, withCosts(user, { authid, secret: decoySecret, derive }));
      return {
        type: 'challenge',
        extra: exchange.challenge,
        answer: async (proof, extra) => {
          const verifier = await exchange.judge(proof, extra);
          if (typeof verifier !== 'string') return verifier;
          if (found === undefined) return wrongPassword;
          return acceptUser(found, { authid, authprovider: users.authprovider, authextra: { verifier } });
        },
      };
    },
  };
}

const wrongPassword = denied('wrong password');

/** What a client said first. */
interface ScramHello {
  readonly authid: string;
  readonly nonce: string;
  readonly channelBinding: ScramChannelBinding | null;
}

/* SCRAM-02, SCRAM-03 */
function readHello({ authid, authextra, transport }: AuthRequest): ScramHello | AuthStep {
  if (authid === undefined) return authidRequired('wamp-scram');
  const { nonce, channel_binding: type = null } = authextra;
  if (!isScramNonce(nonce)) return failed('wamp-scram needs authextra.nonce, in base64');
  const prepared = prepare(authid);
  if (prepared === null) return failed('the authid has characters that SASLprep prohibits');
  if (type === null) return { authid: prepared, nonce, channelBinding: null };
  const data = bindingData(transport, type);
  if (data === null) return failed('this connection has no channel binding of the type asked for');
  return { authid: prepared, nonce, channelBinding: { type: type as string, data } };
}

function prepare(authid: string): string | null {
  try {
    return saslPrep(authid);
  } catch {
    return null;
  }
}

const bindings: readonly unknown[] = ['tls-exporter', 'tls-unique', 'tls-server-end-point'];

function bindingData(transport: TransportInfo, type: unknown): Uint8Array | null {
  if (!bindings.includes(type)) return null;
  return transport.channelBinding?.(type as ChannelBindingType) ?? null;
}

/** The costs that a challenge names, and the keys, once they are needed. */
interface ScramSide {
  readonly costs: Omit<StoredScramUser, 'storedKey' | 'serverKey'>;
  /** `null`: too many are derived. */
  keys(): Promise<Pick<StoredScramUser, 'storedKey' | 'serverKey'> | null>;
}

/* Without a cache: who is known and who is not would take different times. */
function withCosts(
  user: ScramUser,
  by: {
    readonly authid: string;
    readonly secret: string;
    readonly derive: <T>(work: () => Promise<T>) => Promise<T> | null;
  },
): ScramSide {
  if (!('password' in user)) return { costs: user, keys: async () => user };
  const costs = { ...passwordCosts, salt: mockScramUser(by.secret, by.authid).salt };
  return { costs, keys: async () => by.derive(() => deriveScramKeys(user.password, costs)) };
}

function decoyOf(users: UserSource<ScramUser>, authid: string, secret: string): ScramUser {
  const like = users.decoy(authid);
  if (like === undefined || 'password' in like) return { role: '', password: randomHex(32) };
  const salt = base64Of(decoyOctets(secret, authid, octetsOf(like.salt).length));
  return { ...mockScramUser(secret, authid, like), salt, role: '' };
}

/** One exchange, from its challenge on. */
class ScramExchange {
  /** CHALLENGE.Extra (SCRAM-04). */
  readonly challenge: Dict;
  readonly #hello: ScramHello;
  readonly #side: ScramSide;
  readonly #nonce: string;

  constructor(hello: ScramHello, side: ScramSide) {
    this.#hello = hello;
    this.#side = side;
    this.#nonce = extendScramNonce(hello.nonce);
    const { kdf, salt, iterations, memory } = side.costs;
    this.challenge = {
      nonce: this.#nonce,
      salt,
      kdf,
      iterations,
      ...(kdf === 'argon2id13' ? { memory } : {}),
    };
  }

  /** The router's own proof, or why the client's is refused (SCRAM-07). */
  async judge(proof: string, extra: Dict): Promise<string | AuthStep> {
    const keys = await this.#side.keys();
    if (keys === null) return busy;
    const { authid, nonce, channelBinding } = this.#hello;
    const { salt, iterations } = this.#side.costs;
    const authMessage = scramAuthMessage({
      authid,
      clientNonce: nonce,
      nonce: this.#nonce,
      salt,
      iterations,
      channelBinding,
    });
    const { ok, verifier } = await verifyScramProof({ ...keys, authMessage, proof });
    if (extra.nonce !== this.#nonce) return denied('wrong nonce');
    if (!this.#isBound(extra)) return denied('wrong channel binding');
    return ok ? verifier : wrongPassword;
  }

  #isBound({ channel_binding: type = null, cbind_data: data = null }: Dict): boolean {
    const { channelBinding } = this.#hello;
    if (channelBinding === null) return type === null && (data === null || data === '');
    return type === channelBinding.type && data === base64Of(channelBinding.data);
  }
}
