import { type Dict, emptyDict } from '@wampkit/protocol';
import { utf8Length, writeAscii, writeUtf8 } from '#bytes';
import { ByteWriter, copyOf } from './byte-writer.js';
import type { HeaderWriter } from './header-codec.js';
import { MAX_DEPTH, MAX_INTEGER_BYTES } from './limits.js';
import { formOf, tooDeep, unencodable, type ValuePath } from './unencodable.js';

/** Room for any head and any number. */
export const HEAD_BYTES = 16;
/** Up to this length a loop writes ASCII faster than the platform does. */
const SHORT_TEXT = 48;

/**
 * Writes values and headers in a binary format. Subclasses know how a head and a scalar look; what an application
 * value is, and where it stands, is decided here.
 */
export abstract class ValueWriter extends ByteWriter implements HeaderWriter {
  readonly #path: ValuePath = ['options'];
  #depth = 0;
  readonly #dicts = new WeakMap<Dict, Uint8Array>();

  /* Each of these writes one item, for which HEAD_BYTES are free. */
  protected abstract constant(value: boolean | null): void;
  /** An integer of at most 2^53, either sign, not -0. */
  protected abstract integer(value: number): void;
  protected abstract float(value: number): void;
  /** An integer beyond 2^53. */
  protected abstract bigInteger(value: bigint): void;
  protected abstract textHead(length: number): void;
  protected abstract binaryHead(length: number): void;
  protected abstract listHead(length: number): void;
  protected abstract dictHead(length: number): void;
  /** Writes an object that only this format has. Returns whether it was one. */
  protected other(_value: object): boolean {
    return false;
  }

  open(code: number, count: number): void {
    this.ensure(HEAD_BYTES * 6);
    this.listHead(count);
    this.integer(code);
  }

  id(id: number): void {
    this.integer(id);
  }

  dict(dict: Dict): void {
    if (dict === emptyDict) {
      this.dictHead(0);
      return;
    }
    const known = this.#dicts.get(dict);
    if (known !== undefined) {
      this.append(known, 0, known.length);
    } else {
      const from = this.at - this.start;
      this.root(dict, 'options');
      // A frozen dict stays what it is.
      if (Object.isFrozen(dict)) this.#dicts.set(dict, copyOf(this.bytes, this.start + from, this.at));
    }
    this.ensure(HEAD_BYTES * 2);
  }

  /**
   * Writes an application value.
   *
   * @param root what an error calls it
   * @throws {WampError} `wamp.error.invalid_argument` for what has no form in this format, naming its place
   */
  root(value: unknown, root: string): void {
    this.#path[0] = root;
    this.#depth = 0;
    this.#value(value);
  }

  #value(value: unknown): void {
    this.ensure(HEAD_BYTES);
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (value === null || value === undefined) this.constant(null);
    else if (typeof value === 'object') this.#object(value);
    else if (typeof value === 'boolean') this.constant(value);
    else if (typeof value === 'bigint') this.#bigint(value);
    else this.refuse(`a ${typeof value} has no form in WAMP`);
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && !Object.is(value, -0)) this.integer(value);
    else this.float(value);
  }

  #bigint(value: bigint): void {
    if (value <= 2n ** 53n && value >= -(2n ** 53n)) this.integer(Number(value));
    else this.bigInteger(value);
  }

  #object(value: object): void {
    if (this.other(value)) return;
    if (this.#depth === MAX_DEPTH) this.refuse(tooDeep);
    const depth = ++this.#depth;
    if (Array.isArray(value)) this.#list(value, depth);
    else if (
      Object.getPrototypeOf(value) === Object.prototype &&
      (value as { toJSON?: unknown }).toJSON === undefined
    )
      this.#dict(value as Record<string, unknown>, depth);
    else this.#odd(value, depth);
    this.#depth--;
  }

  #odd(value: object, depth: number): void {
    const form = formOf(value);
    if ('binary' in form) this.binary(form.binary);
    else if ('list' in form) this.#list(form.list, depth);
    else if ('dict' in form) this.#dict(form.dict, depth);
    else if ('none' in form) this.#refuseObject(form.none);
    else {
      this.#path[depth] = 'toJSON()';
      this.#value(form.other);
    }
  }

  #refuseObject(why: string): never {
    this.#depth--;
    this.refuse(why);
  }

  #list(list: readonly unknown[], depth: number): void {
    this.listHead(list.length);
    for (let i = 0; i < list.length; i++) {
      this.#path[depth] = i;
      this.#value(list[i]);
    }
  }

  #dict(dict: Readonly<Record<string, unknown>>, depth: number): void {
    const from = this.at - this.start;
    if (this.#entries(dict, depth)) return;
    this.at = this.start + from;
    const defined = Object.entries(dict).filter(([, value]) => value !== undefined);
    this.#entries(Object.fromEntries(defined), depth);
  }

  /** Writes a dict. Gives up, with `false`, at a value that is undefined: such are left out. */
  #entries(dict: Readonly<Record<string, unknown>>, depth: number): boolean {
    const keys = Object.keys(dict);
    this.dictHead(keys.length);
    for (const key of keys) {
      const value = dict[key];
      if (value === undefined) return false;
      this.#path[depth] = key;
      this.ensure(HEAD_BYTES);
      this.text(key);
      this.#value(value);
    }
    return true;
  }

  text(text: string): void {
    const length = text.length;
    if (length <= SHORT_TEXT && this.#shortAscii(text)) return;
    const size = utf8Length(text);
    // A lone surrogate has no UTF-8.
    if (size !== length && /\p{Surrogate}/u.test(text))
      this.refuse('a string with half a surrogate pair has no form here');
    this.textHead(size);
    this.ensure(size + HEAD_BYTES);
    this.at = (size === length ? writeAscii : writeUtf8)(this.bytes, this.at, text);
  }

  /** Writes a short string if it is ASCII. */
  #shortAscii(text: string): boolean {
    const length = text.length;
    this.ensure(length + 2 * HEAD_BYTES);
    const from = this.at;
    this.textHead(length);
    const b = this.bytes;
    let at = this.at;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.at = from;
        return false;
      }
      b[at++] = unit;
    }
    this.at = at;
    return true;
  }

  binary(bytes: Uint8Array): void {
    this.binaryHead(bytes.length);
    this.append(bytes, 0, bytes.length);
    this.ensure(HEAD_BYTES);
  }

  protected refuse(why: string): never {
    throw unencodable(this.#path, this.#depth, why);
  }

  /** The bytes of a non-negative integer, most significant first. */
  protected bigBytes(value: bigint): Uint8Array {
    const hex = value.toString(16);
    const length = (hex.length + 1) >> 1;
    if (length > MAX_INTEGER_BYTES)
      this.refuse(`an integer of more than ${MAX_INTEGER_BYTES} bytes has no form here`);
    const bytes = new Uint8Array(length);
    for (let i = length - 1, end = hex.length; i >= 0; i--, end -= 2)
      bytes[i] = Number.parseInt(hex.slice(Math.max(0, end - 2), end), 16);
    return bytes;
  }

  protected byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** A byte and 16 bits. */
  protected head16(head: number, value: number): void {
    const b = this.bytes;
    const at = this.at;
    b[at] = head;
    b[at + 1] = value >> 8;
    b[at + 2] = value;
    this.at = at + 3;
  }

  /** A byte and 32 bits. */
  protected head32(head: number, value: number): void {
    const b = this.bytes;
    const at = this.at;
    b[at] = head;
    b[at + 1] = value >>> 24;
    b[at + 2] = value >>> 16;
    b[at + 3] = value >>> 8;
    b[at + 4] = value;
    this.at = at + 5;
  }

  /** A byte and 64 bits, given as an exact integer of either sign. */
  protected head64(head: number, value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.head32(head, high | 0);
    this.word(value - high * 0x1_0000_0000);
  }

  /** 32 bits. */
  protected word(value: number): void {
    const b = this.bytes;
    const at = this.at;
    b[at] = value >>> 24;
    b[at + 1] = value >>> 16;
    b[at + 2] = value >>> 8;
    b[at + 3] = value;
    this.at = at + 4;
  }

  /** A byte and 64 bits of a BigInt, two's complement. */
  protected headBig64(head: number, value: bigint): void {
    const bits = BigInt.asUintN(64, value);
    this.head32(head, Number(bits >> 32n) | 0);
    this.word(Number(bits & 0xffff_ffffn));
  }

  readonly #float = new DataView(new ArrayBuffer(8));

  /** A byte and a double. */
  protected headDouble(head: number, value: number): void {
    this.#float.setFloat64(0, value);
    this.head32(head, this.#float.getUint32(0));
    this.word(this.#float.getUint32(4));
  }
}
