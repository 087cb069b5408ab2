import type { Serializer } from './serializer.js';

/** Arguments as a list; never mutate what a payload gives. */
export type Args = readonly unknown[];
/** ArgumentsKw as a dict; never mutate what a payload gives. */
export type Kwargs = Readonly<Record<string, unknown>>;

/**
 * How many elements of the message the payload fills: none, Arguments, or Arguments and ArgumentsKw.
 * Empty ones at the end are trimmed (BP-MSG-02).
 */
export type PayloadCount = 0 | 1 | 2;

const noArgs: Args = Object.freeze([]);
const noKwargs: Kwargs = Object.freeze({});

/**
 * The application payload of a message: Arguments and ArgumentsKw.
 *
 * It is made either of values (`Payload.of`) or of the encoded tail of a message (`Payload.borrow`), which the
 * router hands on without looking inside. A borrowed payload lives in its transport's read buffer until dispatch
 * of its message returns; who keeps it longer calls `retain()`.
 */
export class Payload {
  /** The payload without Arguments and ArgumentsKw. */
  static readonly empty: Payload = new Payload(null, null, 0, 0, 0, false, noArgs, noKwargs);

  /**
   * A payload of values. Empty kwargs, and then empty args, are left out of the message. Kwargs that are all `undefined`
   * are empty: no serializer writes such a key.
   */
  static of(args: Args = noArgs, kwargs: Kwargs = noKwargs): Payload {
    if (Object.values(kwargs).some((value) => value !== undefined))
      return new Payload(null, null, 0, 0, 2, false, args, kwargs);
    return args.length > 0 ? new Payload(null, null, 0, 0, 1, false, args, noKwargs) : Payload.empty;
  }

  /** A payload that is one bare binary in the place of Arguments; see `isBinary`. */
  static ofBinary(bytes: Uint8Array): Payload {
    return new Payload(null, null, 0, 0, 1, true, [bytes], noKwargs);
  }

  /**
   * A payload that is a range of validated bytes.
   *
   * @param serializer what the bytes are encoded in
   * @param bytes the buffer, borrowed
   * @param start where Arguments begins
   * @param end where the last of Arguments and ArgumentsKw ends
   * @param count whether the range holds Arguments alone (1) or both (2)
   */
  static borrow(
    serializer: Serializer,
    bytes: Uint8Array,
    start: number,
    end: number,
    count: PayloadCount,
  ): Payload {
    return new Payload(serializer, bytes, start, end, count, false, null, null);
  }

  /** As `borrow`, for a range that holds one bare binary in the place of Arguments; see `isBinary`. */
  static borrowBinary(serializer: Serializer, bytes: Uint8Array, start: number, end: number): Payload {
    return new Payload(serializer, bytes, start, end, 1, true, null, null);
  }

  /** What `bytes` is encoded in; `null` for a payload of values. */
  readonly serializer: Serializer | null;
  /** The encoded tail, `start` to `end` of it; `null` for a payload of values. */
  bytes: Uint8Array | null;
  start: number;
  end: number;
  readonly count: PayloadCount;
  /**
   * Whether Arguments is no list but one bare binary: the opaque payload of peers that say `enc_algo` or `ppt_scheme`
   * in the message's dict. `args()` gives it as the only argument.
   */
  readonly isBinary: boolean;
  #args: Args | null;
  #kwargs: Kwargs | null;
  #transcoded: Payload | null = null;
  #otherTranscoded: Payload | null = null;

  private constructor(
    serializer: Serializer | null,
    bytes: Uint8Array | null,
    start: number,
    end: number,
    count: PayloadCount,
    isBinary: boolean,
    args: Args | null,
    kwargs: Kwargs | null,
  ) {
    this.serializer = serializer;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.count = count;
    this.isBinary = isBinary;
    this.#args = args;
    this.#kwargs = kwargs;
  }

  /** Arguments as values; decoded on first use. */
  args(): Args {
    if (this.#args === null) this.#decode();
    return this.#args as Args;
  }

  /** ArgumentsKw as values; decoded on first use. */
  kwargs(): Kwargs {
    if (this.#kwargs === null) this.#decode();
    return this.#kwargs as Kwargs;
  }

  /**
   * This payload as a range of bytes in `serializer`: itself where that is its own encoding, else decoded once and
   * encoded once for each serializer, whatever the number of receivers.
   *
   * @throws {WampError} when a value has no form in that serializer
   */
  encodedIn(serializer: Serializer): Payload {
    if (this.count === 0) return this;
    if (this.serializer === serializer) {
      if (this.bytes === null) this.#refuse();
      return this;
    }
    if (this.#transcoded?.serializer === serializer) return this.#transcoded;
    if (this.#otherTranscoded?.serializer === serializer) return this.#otherTranscoded;
    const bytes = this.isBinary
      ? serializer.encodeBinary(this.args()[0] as Uint8Array)
      : serializer.encodePayload(this.args(), this.kwargs(), this.count);
    const transcoded = new Payload(serializer, bytes, 0, bytes.length, this.count, this.isBinary, null, null);
    if (this.#transcoded === null) this.#transcoded = transcoded;
    else this.#otherTranscoded = transcoded;
    return transcoded;
  }

  /** A payload that stays valid after dispatch: a copy of borrowed bytes, or this one when it holds values. */
  retain(): Payload {
    if (this.bytes === null) {
      if (this.serializer !== null) this.#refuse();
      return this;
    }
    // Not slice(): that of a Buffer makes a view.
    const bytes = new Uint8Array(this.bytes.subarray(this.start, this.end));
    return new Payload(
      this.serializer,
      bytes,
      0,
      bytes.length,
      this.count,
      this.isBinary,
      this.#args,
      this.#kwargs,
    );
  }

  /** Ends the loan of borrowed bytes: later use throws. Transports under test call it after each dispatch. */
  revoke(): void {
    if (this.serializer !== null) this.bytes = null;
  }

  #decode(): void {
    if (this.serializer === null || this.bytes === null) this.#refuse();
    const values = (this.serializer as Serializer).decodePayload(
      this.bytes as Uint8Array,
      this.start,
      this.end,
      this.count,
    );
    this.#args = values.args;
    this.#kwargs = values.kwargs ?? noKwargs;
  }

  #refuse(): never {
    throw new Error('payload used after its message was dispatched: call retain() to keep it');
  }
}
