import { MAX_DEPTH, MAX_INTEGER_DIGITS } from '../limits.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LIST = 0x5d;

/** What ends a run of plain bytes in a string: quote, backslash, control characters. */
const stops = new Uint8Array(256).fill(1, 0, 0x20);
stops[QUOTE] = 1;
stops[BACKSLASH] = 1;

/** What may follow a backslash, apart from `u`. */
const escapes = new Uint8Array(256);
for (const c of '"\\/bfnrt') escapes[c.charCodeAt(0)] = 1;

const hex = new Uint8Array(256);
for (const c of '0123456789abcdefABCDEF') hex[c.charCodeAt(0)] = 1;

const base64 = new Uint8Array(256);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  base64[c.charCodeAt(0)] = 1;

/** After so many plain bytes in a string, with as many left, 32-bit words are worth their view. */
const LONG_RUN = 48;
const LONG_REST = 256;

/**
 * Walks over JSON text (RFC 8259) without making anything of it.
 *
 * The caller sees to it that the byte before `end` is `]`: that byte ends everything but a string and a list, so only
 * those two look for `end`. Bytes above 0x7f pass in strings; `high` then tells that UTF-8 is still to be checked.
 */
export class JsonScanner {
  /** Has bit 7 set when a byte above 0x7f was met since the caller cleared it. */
  high = 0;
  /** What the last `scan` that gave -1 disliked. */
  fault = '';
  /** Where. */
  faultAt = 0;
  /** The closing byte of each container around the current one. */
  readonly #stack = new Uint8Array(MAX_DEPTH);

  /** Walks over the value that starts at `i`. Returns the position after it, or -1 when there is none. */
  scan(b: Uint8Array, i: number, end: number): number {
    const stack = this.#stack;
    let depth = 0;
    let close = 0;
    value: for (;;) {
      const c = b[i] as number;
      if (c === QUOTE) {
        i = this.#string(b, i + 1, end, true);
        if (i < 0) return -1;
      } else if (c === 0x7b || c === 0x5b) {
        if (depth === MAX_DEPTH) return this.#refuse(i, `nested deeper than ${MAX_DEPTH} levels`);
        stack[depth++] = close;
        close = c + 2;
        i = skipSpace(b, i + 1);
        if (b[i] !== close) {
          if (close === LIST) continue;
          i = this.#key(b, i, end);
          if (i < 0) return -1;
          continue;
        }
        i++;
        close = stack[--depth] as number;
      } else if ((c - ZERO) >>> 0 <= 9 || c === MINUS) {
        i = this.#number(b, i);
        if (i < 0) return -1;
      } else if (c === 0x74 && b[i + 1] === 0x72 && b[i + 2] === 0x75 && b[i + 3] === 0x65) {
        i += 4;
      } else if (
        c === 0x66 &&
        b[i + 1] === 0x61 &&
        b[i + 2] === 0x6c &&
        b[i + 3] === 0x73 &&
        b[i + 4] === 0x65
      ) {
        i += 5;
      } else if (c === 0x6e && b[i + 1] === 0x75 && b[i + 2] === 0x6c && b[i + 3] === 0x6c) {
        i += 4;
      } else {
        const next = skipSpace(b, i);
        if (next === i) return this.#refuse(i, 'a value was expected');
        i = next;
        continue;
      }
      for (;;) {
        if (close === 0) return i;
        if (i >= end) return this.#refuse(end, 'the text ends within a value');
        const after = b[i] as number;
        if (after === COMMA) {
          i++;
          if (close === LIST) continue value;
          i = this.#key(b, i, end);
          if (i < 0) return -1;
          continue value;
        }
        if (after === close) {
          i++;
          close = stack[--depth] as number;
          continue;
        }
        const next = skipSpace(b, i);
        if (next === i)
          return this.#refuse(i, close === LIST ? '"," or "]" was expected' : '"," or "}" was expected');
        i = next;
      }
    }
  }

  #refuse(at: number, fault: string): -1 {
    this.fault = fault;
    this.faultAt = at;
    return -1;
  }

  /** Walks over a key and its colon. */
  #key(b: Uint8Array, i: number, end: number): number {
    if (b[i] !== QUOTE) {
      i = skipSpace(b, i);
      if (b[i] !== QUOTE) return this.#refuse(i, 'a key was expected');
    }
    i = this.#string(b, i + 1, end, false);
    if (i < 0) return -1;
    if (i >= end) return this.#refuse(end, 'the text ends within a value');
    if (b[i] !== COLON) {
      i = skipSpace(b, i);
      if (b[i] !== COLON) return this.#refuse(i, '":" was expected');
    }
    return i + 1;
  }

  /** Walks over a string from after its quote to after its closing one. */
  #string(b: Uint8Array, i: number, end: number, isValue: boolean): number {
    const from = i;
    let high = 0;
    let long = i + LONG_RUN;
    for (; i < end; i++) {
      const c = b[i] as number;
      if (stops[c] === 0) {
        high |= c;
        if (i < long) continue;
        if (end - i < LONG_REST) {
          long = end;
          continue;
        }
        i = this.#plainWords(b, i + 1, end) - 1;
        long = i + LONG_RUN;
        continue;
      }
      if (c === QUOTE) {
        this.high |= high;
        if (isValue && b[from] === BACKSLASH && isNulEscape(b, from)) return this.#binary(b, from + 6, i);
        return i + 1;
      }
      if (c !== BACKSLASH) return this.#refuse(i, 'a control character in a string');
      const escaped = b[++i] as number;
      if (escaped === 0x75 && isHex(b, i)) i += 4;
      else if (escapes[escaped] === 0) return this.#refuse(i, 'an escape that JSON does not have');
      long = i + LONG_RUN;
    }
    return this.#refuse(end, 'the text ends within a string');
  }

  /** Walks over plain bytes by four, as far as they go. Returns a position before the first that is not plain. */
  #plainWords(b: Uint8Array, i: number, end: number): number {
    const offset = b.byteOffset;
    while (((offset + i) & 3) !== 0) {
      if (stops[b[i] as number] !== 0) return i;
      this.high |= b[i++] as number;
    }
    const words = new Int32Array(b.buffer, offset + i, (end - i) >> 2);
    const last = words.length - 3;
    let k = 0;
    for (; k < last; k += 4) {
      const v = words[k] as number;
      const w = words[k + 1] as number;
      const x = words[k + 2] as number;
      const y = words[k + 3] as number;
      const stop = suspicion(v) | suspicion(w) | suspicion(x) | suspicion(y);
      if ((stop & HIGH_BITS) === 0) continue;
      if ((stops4(v) | stops4(w) | stops4(x) | stops4(y)) !== 0) break;
      if (((v | w | x | y) & HIGH_BITS) !== 0) this.high |= 0x80;
    }
    return i + 4 * k;
  }

  /** Checks the base64 of a binary value in `[i, quote)` (JBIN-02). Returns the position after the quote. */
  #binary(b: Uint8Array, i: number, quote: number): number {
    let digits = 0;
    let padding = 0;
    for (; i < quote; i++) {
      const c = b[i] as number;
      if (c === 0x3d) padding++;
      else if (base64[c] === 1 && padding === 0) digits++;
      // An escaped slash is one character of base64; no other escape is.
      else if (c !== BACKSLASH || b[i + 1] !== 0x2f) return this.#refuse(i, 'no base64 in a binary value');
    }
    if (padding > 2 || ((digits + padding) & 3) !== 0)
      return this.#refuse(quote, 'base64 of a wrong length in a binary value');
    return quote + 1;
  }

  #number(b: Uint8Array, i: number): number {
    if (b[i] === MINUS) i++;
    const from = i;
    if (b[i] === ZERO) i++;
    else i = skipDigits(b, i);
    if (i === from) return this.#refuse(i, 'a digit was expected');
    const digits = i - from;
    let c = b[i] as number;
    if (c !== 0x2e && (c | 0x20) !== 0x65) {
      if (digits > MAX_INTEGER_DIGITS)
        return this.#refuse(from, `an integer of more than ${MAX_INTEGER_DIGITS} digits`);
      return i;
    }
    if (c === 0x2e) {
      const fraction = i + 1;
      i = skipDigits(b, fraction);
      if (i === fraction) return this.#refuse(i, 'a digit was expected');
      c = b[i] as number;
    }
    if ((c | 0x20) === 0x65) {
      i++;
      if (b[i] === 0x2b || b[i] === MINUS) i++;
      const exponent = i;
      i = skipDigits(b, i);
      if (i === exponent) return this.#refuse(i, 'a digit was expected');
    }
    return i;
  }
}

const HIGH_BITS = 0x80808080 | 0;

/* Four bytes at once. With bit 1 flipped, a quote is 0x20, and so, like the control characters, below 0x21; space and
   the other printable characters are not. */

/** Has a high bit set if a byte of `w` stops a run or is not ASCII, and now and then without. */
function suspicion(w: number): number {
  return ((w ^ 0x02020202) - 0x21212121) | ((w ^ 0x5c5c5c5c) - 0x01010101);
}

/** Has a high bit set exactly if a byte of `w` stops a run. */
function stops4(w: number): number {
  const low = w ^ 0x02020202;
  const backslash = w ^ 0x5c5c5c5c;
  return (((low - 0x21212121) & ~low) | ((backslash - 0x01010101) & ~backslash)) & HIGH_BITS;
}

/** The position of the first byte from `i` on that is no whitespace. */
export function skipSpace(b: Uint8Array, i: number): number {
  let c = b[i] as number;
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++i] as number;
  return i;
}

function skipDigits(b: Uint8Array, i: number): number {
  while (((b[i] as number) - ZERO) >>> 0 <= 9) i++;
  return i;
}

function isHex(b: Uint8Array, u: number): boolean {
  return (
    hex[b[u + 1] as number] === 1 &&
    hex[b[u + 2] as number] === 1 &&
    hex[b[u + 3] as number] === 1 &&
    hex[b[u + 4] as number] === 1
  );
}

function isNulEscape(b: Uint8Array, i: number): boolean {
  return (
    b[i + 1] === 0x75 && b[i + 2] === ZERO && b[i + 3] === ZERO && b[i + 4] === ZERO && b[i + 5] === ZERO
  );
}
