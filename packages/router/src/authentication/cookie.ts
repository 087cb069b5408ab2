import { type Clock, systemClock, type TransportInfo } from '@wampkit/protocol';
import { COOKIES_KEPT } from '../limits.js';
import type { Authenticator, AuthJoined, AuthRequest, AuthStep } from './authenticator.js';
import { denied, required } from './denials.js';
import type { ProcedureUsers } from './procedure-users.js';
import { acceptUser, isDenial, type KnownUser, type UserSource } from './user-source.js';
import { openUsers } from './users.js';

/** Options of `CookieAuthenticator`. */
export interface CookieAuthenticatorOptions {
  /** How long a cookie stands for who joined with it, in milliseconds. Default: a day. */
  readonly maxAge?: number;
  /** Who confirms that the user may still join, and tells the role; default: nobody, the role stays what it was. */
  readonly users?: ProcedureUsers | UserSource<KnownUser>;
  /** Default: the platform's. */
  readonly clock?: Clock;
}

interface Remembered {
  readonly realm: string;
  readonly identity: AuthJoined['identity'];
  /** `Origin` of the page that joined: another page must not use its cookie. */
  readonly origin: string | undefined;
  readonly until: number;
  /** When a session of it has to end; `Infinity`: never. */
  readonly expires: number;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Lets a browser join again as who it was, by a cookie that its listener has signed: whoever joins by another method over
 * a transport with a cookie is remembered under that (AUTH-05). Without a cookie that is known, the next method of the
 * client's order is taken.
 *
 * Kept in memory, and bounded: of too many the oldest is forgotten.
 */
export class CookieAuthenticator implements Authenticator {
  readonly method = 'cookie';
  readonly #maxAge: number;
  readonly #users: UserSource<KnownUser> | null;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();

  constructor({ maxAge = DAY, users, clock = systemClock }: CookieAuthenticatorOptions = {}) {
    this.#maxAge = maxAge;
    this.#users = users === undefined ? null : openUsers<KnownUser>(users, (user) => user);
    this.#clock = clock;
  }

  canStart({ realm, transport }: AuthRequest): boolean {
    return this.#known(realm, transport) !== undefined;
  }

  start(request: AuthRequest): AuthStep | Promise<AuthStep> {
    const { realm, authid, transport } = request;
    const known = this.#known(realm, transport);
    if (known === undefined) return required('no cookie that is known here');
    if (authid !== undefined && authid !== known.identity.authid)
      return denied('the cookie is of another user');
    if (this.#users !== null) return this.#confirm(this.#users, request, known);
    const { authrole, authprovider } = known.identity;
    return limited({ type: 'accept', authid: known.identity.authid, authrole, authprovider }, known);
  }

  joined({ realm, identity, transport, expires }: AuthJoined): void {
    const { cookie } = transport;
    // anonymous sessions have proven nothing, and must not take the place of one that has
    if (cookie === undefined || [this.method, 'anonymous'].includes(identity.authmethod)) return;
    const now = this.#clock.now();
    const until = Math.min(now + this.#maxAge, expires);
    const key = keyOf(realm, cookie);
    this.#remembered.delete(key);
    this.#makeRoom(now);
    this.#remembered.set(key, { realm, identity, origin: originOf(transport), until, expires });
  }

  /** Forgets the cookie of a transport: who has it now joins by it no more. */
  forget(realm: string, transport: TransportInfo): boolean {
    return transport.cookie !== undefined && this.#remembered.delete(keyOf(realm, transport.cookie));
  }

  /**
   * Forgets every cookie that stands for one of these.
   *
   * @param wanted chooses by realm and authid
   * @returns how many
   */
  revoke(wanted: (of: { readonly realm: string; readonly authid: string }) => boolean): number {
    let count = 0;
    for (const [key, { realm, identity }] of this.#remembered)
      if (wanted({ realm, authid: identity.authid }) && this.#remembered.delete(key)) count++;
    return count;
  }

  async #confirm(users: UserSource<KnownUser>, request: AuthRequest, known: Remembered): Promise<AuthStep> {
    const { authid } = known.identity;
    const user = await users.find({ ...request, authid, authmethod: this.method });
    if (user === undefined || isDenial(user)) this.forget(request.realm, request.transport);
    if (user === undefined) return denied('the user may not join any more');
    if (isDenial(user)) return user;
    return limited(acceptUser(user, { authid, authprovider: users.authprovider }), known);
  }

  #known(realm: string, transport: TransportInfo): Remembered | undefined {
    if (transport.cookie === undefined) return undefined;
    const key = keyOf(realm, transport.cookie);
    const known = this.#remembered.get(key);
    if (known === undefined) return undefined;
    if (known.until <= this.#clock.now()) this.#remembered.delete(key);
    else if (known.origin === originOf(transport)) return known;
    return undefined;
  }

  #makeRoom(now: number): void {
    if (this.#remembered.size < COOKIES_KEPT) return;
    for (const [key, { until }] of this.#remembered) if (until <= now) this.#remembered.delete(key);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= COOKIES_KEPT) this.#remembered.delete(oldest as string);
  }
}

/* The realms that a template makes share one authenticator. */
function keyOf(realm: string, cookie: string): string {
  return `${realm} ${cookie}`;
}

function originOf({ headers }: TransportInfo): string | undefined {
  return headers?.origin;
}

/* What proved the user at first may have an end, and ends these sessions too. */
function limited(step: AuthStep & { type: 'accept' }, { expires }: Remembered): AuthStep {
  return expires === Number.POSITIVE_INFINITY ? step : { ...step, expires };
}
