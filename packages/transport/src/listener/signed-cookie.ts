import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Clock, ConfigError } from '@wampkit/protocol';
import { limits } from '../limits.js';

/** The cookie by which a browser is known again, over WebSocket and long-poll. */
export interface CookieOptions {
  /** Its name, `wampkit` by default. Over TLS it begins with `__Host-` besides, so that no other host can set it. */
  name?: string | undefined;
  /**
   * What it is signed by, at least 32 characters each: the first signs, all are believed. Random by default: then no
   * cookie survives the process.
   */
  keys?: readonly string[] | undefined;
  /** How long it is believed: ms, a day by default. */
  maxAge?: number | undefined;
  /** `strict` by default: it comes with requests of the same site alone. */
  sameSite?: 'strict' | 'lax' | 'none' | undefined;
  /** Whether it is for TLS alone, where that ends at a proxy; on over TLS, off elsewhere, by default. */
  secure?: boolean | undefined;
}

/** A browser, as its cookie tells it. */
export interface Browser {
  /** Which one; nobody else can know or make it. */
  readonly id: string;
  /** `Set-Cookie` of the answer; `null` when it has a cookie that is believed. */
  readonly setCookie: string | null;
}

const DAY = 24 * 60 * 60 * 1000;
/** Octets of chance in an id. */
const ID_SIZE = 18;

/** Makes cookies, and knows them again: `id.expiry.signature`. HttpOnly, so that no script reads them (AUTH-05). */
export class CookieSigner {
  readonly #options: CookieOptions;
  readonly #clock: Clock;
  readonly #keys: readonly (string | Buffer)[];
  readonly #maxAge: number;

  /** @throws {ConfigError} for what is no name, and for a key that is too short */
  constructor(options: CookieOptions, clock: Clock) {
    const { name = 'wampkit', keys = [], maxAge = DAY } = options;
    if (!/^[A-Za-z0-9_-]+$/.test(name))
      throw new ConfigError('cookie: its name may have letters, digits, - and _');
    if (keys.some((key) => key.length < limits.cookieKeyLength))
      throw new ConfigError(`cookie: a key must have at least ${limits.cookieKeyLength} characters`);
    this.#options = options;
    this.#clock = clock;
    this.#keys = keys.length === 0 ? [randomBytes(32)] : keys;
    this.#maxAge = maxAge;
  }

  /**
   * The browser that a request comes from: known by its cookie, or new.
   *
   * @param header the request's `Cookie`
   * @param isSecure whether it came over TLS
   */
  admit(header: string | undefined, isSecure: boolean): Browser {
    const name = this.#nameOn(isSecure);
    for (const value of valuesOf(header ?? '', name)) {
      const id = this.#verify(name, value);
      if (id !== null) return { id, setCookie: null };
    }
    const id = randomBytes(ID_SIZE).toString('base64url');
    return { id, setCookie: this.#write(name, id) };
  }

  /**
   * The cookies of a request without this one: who is told of a request must not be able to come back as its browser.
   *
   * @param header the request's `Cookie`
   * @returns `undefined` when there are no others
   */
  othersOf(header: string | undefined): string | undefined {
    const { name = 'wampkit' } = this.#options;
    const others = pairsOf(header ?? '').filter(
      (pair) => !isNamed(pair, name) && !isNamed(pair, `__Host-${name}`),
    );
    return others.length === 0 ? undefined : others.join('; ');
  }

  #nameOn(isSecure: boolean): string {
    const { name = 'wampkit', secure = isSecure } = this.#options;
    return secure ? `__Host-${name}` : name;
  }

  #write(name: string, id: string): string {
    const { sameSite = 'strict' } = this.#options;
    const expires = (this.#clock.now() + this.#maxAge).toString(36);
    const attributes = [
      `${name}=${id}.${expires}.${sign(this.#keys[0] as string, `${name}.${id}.${expires}`)}`,
      'Path=/',
      'HttpOnly',
      `Max-Age=${Math.floor(this.#maxAge / 1000)}`,
      `SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`,
      ...(name.startsWith('__Host-') ? ['Secure'] : []),
    ];
    return attributes.join('; ');
  }

  #verify(name: string, value: string): string | null {
    const [id = '', expires = '', signature = '', ...more] = value.split('.');
    if (more.length > 0 || id === '') return null;
    const text = `${name}.${id}.${expires}`;
    const isSigned = this.#keys.some((key) => isSame(sign(key, text), signature));
    return isSigned && Number.parseInt(expires, 36) > this.#clock.now() ? id : null;
  }
}

function sign(key: string | Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/* Paths and domains may bring several of one name: each is looked at, a few at most. */
function valuesOf(header: string, name: string): string[] {
  return pairsOf(header)
    .filter((pair) => isNamed(pair, name))
    .slice(0, 8)
    .map((pair) => pair.slice(name.length + 1));
}

function pairsOf(header: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
}

function isNamed(pair: string, name: string): boolean {
  return pair.startsWith(`${name}=`);
}
