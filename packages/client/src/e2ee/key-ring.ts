import { ConfigError, isReservedUri, Payload, type Peer } from '@wampkit/protocol';
import { cborSerializer } from '@wampkit/serializer/cbor';
import type { PayloadInput } from '../options.js';
import { payloadError } from '../passthru/packed-item.js';
import {
  deserializePayload,
  type Packer,
  type Packing,
  packedBytes,
  serializePayload,
} from '../passthru/packing.js';
import { PackingPeer } from '../passthru/packing-peer.js';
import { type PassthruOptions, passthruOf } from '../passthru/passthru-options.js';
import { type PackingOptions, PassthruPacker } from '../passthru/passthru-packer.js';
import type { PayloadCodec, PayloadReporter } from '../payload-codec.js';
import { open, seal } from './cipher.js';
import { type PayloadKey, type UsableKey, usableKey } from './payload-key.js';

/** Which URIs are encrypted, and with what. */
export interface KeyRingEntry {
  /** A topic or procedure, or what they begin with; an empty prefix is every URI but the router's own. */
  readonly uri: string;
  /** Default `prefix`. An exact URI goes before prefixes, a longer prefix before a shorter one. */
  readonly match?: 'exact' | 'prefix';
  /** The first one encrypts, all of them decrypt. */
  readonly keys: readonly PayloadKey[];
  /**
   * What to do with a payload that comes unencrypted. Default `refuse`: whoever has no key, the router included, cannot
   * make one up. `accept` is for the time in which not all have keys; what is sent is encrypted all the same, but for
   * answers to a call that came unencrypted.
   */
  readonly plaintext?: 'refuse' | 'accept';
}

interface Entry {
  readonly uri: string;
  readonly match: 'exact' | 'prefix';
  readonly keys: readonly UsableKey[];
  readonly acceptsPlaintext: boolean;
}

/** A payload as it goes over the wire, where no client with the key ring sends it: a request to an HTTP bridge. */
export interface SealedPayload {
  readonly args: readonly [Uint8Array];
  /** For the options of the publication. */
  readonly options: PassthruOptions;
}

/**
 * The keys of a client by URI, for `ConnectOptions.payloads`; `keyRing` makes one. It may change at any time: what is
 * sent afterwards is encrypted with what it holds then.
 */
export class KeyRing implements PayloadCodec {
  readonly #exact = new Map<string, Entry>();
  /** The longest first. */
  #prefixes: readonly Entry[] = [];
  readonly #others: PassthruPacker;
  readonly #packer: Packer = {
    choose: (uri, asked) => this.#choose(uri, asked),
    unpack: (uri, attributes, payload) => this.#unpack(uri, attributes, payload),
  };

  /** @internal */
  constructor(entries: readonly KeyRingEntry[], others: PackingOptions) {
    const serializers = [cborSerializer, ...(others.serializers ?? [])];
    this.#others = new PassthruPacker({ ...others, serializers });
    for (const entry of entries) this.set(entry);
  }

  /** Adds an entry, in the place of the one with the same URI and match. @throws {ConfigError} for what is no key */
  set({ uri, match = 'prefix', keys, plaintext }: KeyRingEntry): void {
    if (keys.length === 0) throw new ConfigError(`the key ring has no key for "${uri}"`);
    const acceptsPlaintext = plaintext === 'accept';
    this.#put({ uri, match, keys: keys.map(usableKey), acceptsPlaintext });
  }

  /**
   * Makes a key the one that encrypts. Those before it still decrypt: what was retained, and what is on its way.
   *
   * @param of.keep how many of them; default all
   * @throws {ConfigError} when there is no such entry, or it is no key
   */
  rotate(uri: string, key: PayloadKey, of: { match?: 'exact' | 'prefix'; keep?: number } = {}): void {
    const { match = 'prefix', keep = Number.POSITIVE_INFINITY } = of;
    const entry = this.#get(uri, match);
    if (entry === undefined) throw new ConfigError(`the key ring has no entry of "${uri}"`);
    const former = entry.keys.filter(({ id }) => id !== key.id).slice(0, keep);
    this.#put({ ...entry, keys: [usableKey(key), ...former] });
  }

  /** Takes an entry away: its URIs are no longer encrypted. */
  delete(uri: string, match: 'exact' | 'prefix' = 'prefix'): void {
    if (match === 'exact') this.#exact.delete(uri);
    else this.#prefixes = this.#prefixes.filter((entry) => entry.uri !== uri);
  }

  /**
   * Encrypts a payload for a URI, where no client does it; a client that has this key ring would encrypt it once more.
   *
   * @throws {WampError} when there is no key for the URI, or a value has no form in CBOR
   */
  seal(uri: string, payload: PayloadInput): SealedPayload {
    const packing = this.#choose(uri, { ppt_scheme: 'wamp' }) as Packing;
    const [bytes] = packing.pack(Payload.of(payload.args, payload.kwargs)).args();
    return { args: [bytes as Uint8Array], options: packing.attributes };
  }

  /**
   * Decrypts a payload that came within another one: an event of a history.
   *
   * @param details its Details, with the `ppt_…` attributes
   * @throws {WampError} when it cannot be read
   */
  open(
    uri: string,
    details: Readonly<Record<string, unknown>>,
    payload: PayloadInput,
  ): Required<PayloadInput> {
    const opened = this.#unpack(uri, passthruOf(details), Payload.of(payload.args, payload.kwargs));
    return { args: opened.args(), kwargs: opened.kwargs() };
  }

  /** @internal */
  wrap(peer: Peer, reporter: PayloadReporter): Peer {
    return new PackingPeer(peer, this.#packer, reporter);
  }

  #put(entry: Entry): void {
    this.delete(entry.uri, entry.match);
    if (entry.match === 'exact') this.#exact.set(entry.uri, entry);
    else this.#prefixes = [...this.#prefixes, entry].sort((a, b) => b.uri.length - a.uri.length);
  }

  #get(uri: string, match: 'exact' | 'prefix'): Entry | undefined {
    return match === 'exact' ? this.#exact.get(uri) : this.#prefixes.find((entry) => entry.uri === uri);
  }

  #find(uri: string): Entry | undefined {
    // the router itself must read those
    if (isReservedUri(uri)) return undefined;
    return this.#exact.get(uri) ?? this.#prefixes.find((entry) => uri.startsWith(entry.uri));
  }

  #choose(uri: string, asked: PassthruOptions | null): Packing | null {
    const entry = this.#find(uri);
    if (entry === undefined) {
      if (asked?.ppt_scheme === 'wamp' && (asked.ppt_cipher || !asked.ppt_serializer)) throw noKeys(uri);
      return this.#others.choose(uri, asked);
    }
    if (asked !== null && asked.ppt_scheme !== 'wamp')
      throw payloadError(`"${uri}" is in the key ring, and must not go by ppt_scheme "${asked.ppt_scheme}"`);
    return encryption(keyFor(uri, entry, asked));
  }

  #unpack(uri: string, attributes: PassthruOptions | null, payload: Payload): Payload {
    const entry = this.#find(uri);
    if (entry === undefined) {
      if (attributes?.ppt_scheme === 'wamp' && attributes.ppt_cipher) throw noKeys(uri);
      return this.#others.unpack(uri, attributes, payload);
    }
    if (attributes === null || !attributes.ppt_cipher) {
      if (entry.acceptsPlaintext) return this.#others.unpack(uri, attributes, payload);
      throw payloadError('it is not encrypted, but must be');
    }
    return decrypt(uri, entry, { attributes, payload });
  }
}

/* An answer is encrypted with the key that the call came with: its caller has that one. */
function keyFor(uri: string, { keys }: Entry, asked: PassthruOptions | null): UsableKey {
  const key = asked?.ppt_keyid === undefined ? keys[0] : keys.find(({ id }) => id === asked.ppt_keyid);
  if (key === undefined) throw payloadError(`no key "${asked?.ppt_keyid}" for "${uri}"`);
  return key;
}

function encryption({ id, secret, cipher }: UsableKey): Packing {
  const attributes = { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: cipher, ppt_keyid: id };
  const pack = (payload: Payload): Payload => {
    const plain = serializePayload(cborSerializer, { args: payload.args(), kwargs: payload.kwargs() });
    return Payload.of([seal(cipher, secret, plain)]);
  };
  return { attributes, pack };
}

function decrypt(
  uri: string,
  { keys }: Entry,
  { attributes, payload }: { attributes: PassthruOptions; payload: Payload },
): Payload {
  const { ppt_scheme, ppt_serializer, ppt_cipher, ppt_keyid } = attributes;
  if (ppt_scheme !== 'wamp' || ppt_serializer !== 'cbor')
    throw payloadError(
      `an encrypted payload in ppt_scheme "${ppt_scheme}", ppt_serializer "${ppt_serializer}"`,
    );
  const bytes = packedBytes(payload);
  const named = ppt_keyid === undefined ? keys : keys.filter(({ id }) => id === ppt_keyid);
  const able = named.filter(({ cipher }) => cipher === ppt_cipher);
  if (able.length === 0) throw payloadError(`no key "${ppt_keyid}" of cipher "${ppt_cipher}" for "${uri}"`);
  for (const { cipher, secret } of able) {
    const plain = open(cipher, secret, bytes);
    if (plain !== null) return deserializePayload(cborSerializer, plain);
  }
  throw payloadError('it was encrypted with another key, or has been changed on its way');
}

function noKeys(uri: string): Error {
  return payloadError(`the key ring has no key for "${uri}"`);
}

/**
 * Makes a key ring: payloads of its URIs are encrypted on the way out, and decrypted on the way in, in calls, results,
 * errors and events alike. The longest prefix of a URI decides.
 *
 * @param others how payloads of other URIs are packed where their options ask for it, as of `passthru()`
 * @throws {ConfigError} for what is no key
 * @example
 * const payloads = keyRing([{ uri: 'com.example.payroll.', keys: [{ id: '2026-11', secret }] }]);
 * const client = await connect(url, { realm: 'realm1', payloads });
 */
export function keyRing(entries: readonly KeyRingEntry[], others: PackingOptions = {}): KeyRing {
  return new KeyRing(entries, others);
}
