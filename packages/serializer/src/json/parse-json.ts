import { decodeBase64 } from '#bytes';
import { setKey } from '../set-key.js';

const escapedNul = '\\u0000';

/**
 * The value of JSON text that a `JsonScanner` has passed. Strings that start with U+0000 are binary (JBIN-01),
 * integers beyond 2^53 are BigInt; text with neither, nearly all, is `JSON.parse`'s.
 */
export function parseJson(text: string): unknown {
  if (!text.includes(escapedNul) && !hasLongDigits(text)) return JSON.parse(text);
  return new JsonParser(text).value();
}

/** How many digits an integer has at least whose value a number may not hold. */
const LONG_DIGITS = 16;

/** Whether 16 digits stand in a row. Every such row has one at a multiple of 16, so few characters are looked at. */
function hasLongDigits(text: string): boolean {
  for (let i = LONG_DIGITS - 1; i < text.length; i += LONG_DIGITS) {
    if (!isDigit(text.charCodeAt(i))) continue;
    let first = i;
    while (first > 0 && isDigit(text.charCodeAt(first - 1))) first--;
    let after = i + 1;
    while (after < text.length && isDigit(text.charCodeAt(after))) after++;
    if (after - first >= LONG_DIGITS) return true;
  }
  return false;
}

function isDigit(unit: number): boolean {
  return (unit - 0x30) >>> 0 <= 9;
}

/** The number of an integer's text, or a BigInt when that cannot hold it exactly. */
export function parseInteger(text: string): number | bigint {
  const value = Number(text);
  if (Math.abs(value) < 2 ** 53) return value;
  const exact = BigInt(text);
  return exact >= -(2n ** 53n) && exact <= 2n ** 53n ? value : exact;
}

const token = /[^,\]}\s]+/y;

/** Recursive, over text known to be well formed and of bounded depth. */
class JsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    switch (this.#peek()) {
      case '{':
        return this.#dict();
      case '[':
        return this.#list();
      case '"':
        return this.#stringOrBinary();
      default:
        return this.#scalar();
    }
  }

  #dict(): Record<string, unknown> {
    const dict: Record<string, unknown> = {};
    this.#at++;
    while (this.#peek() !== '}') {
      if (this.#text[this.#at] === ',') this.#at++;
      this.#peek();
      const key = this.#string();
      this.#peek();
      this.#at++;
      setKey(dict, key, this.value());
    }
    this.#at++;
    return dict;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#at++;
    while (this.#peek() !== ']') {
      if (this.#text[this.#at] === ',') this.#at++;
      list.push(this.value());
    }
    this.#at++;
    return list;
  }

  #string(): string {
    return JSON.parse(this.#quoted()) as string;
  }

  #stringOrBinary(): string | Uint8Array {
    const quoted = this.#quoted();
    if (!quoted.startsWith(escapedNul, 1)) return JSON.parse(quoted) as string;
    // Base64 has nothing to escape but slashes.
    return decodeBase64(quoted.slice(1 + escapedNul.length, -1).replaceAll('\\/', '/'));
  }

  /** The next string with its quotes. */
  #quoted(): string {
    const start = this.#at;
    let quote = this.#text.indexOf('"', start + 1);
    while (this.#isEscaped(quote)) quote = this.#text.indexOf('"', quote + 1);
    this.#at = quote + 1;
    return this.#text.slice(start, this.#at);
  }

  /** Whether an odd number of backslashes stands before `at`. */
  #isEscaped(at: number): boolean {
    let first = at;
    while (this.#text[first - 1] === '\\') first--;
    return (at - first) % 2 === 1;
  }

  #scalar(): unknown {
    token.lastIndex = this.#at;
    const text = (token.exec(this.#text) as RegExpExecArray)[0];
    this.#at += text.length;
    return /^-?\d+$/.test(text) ? parseInteger(text) : JSON.parse(text);
  }

  /** The next character that is no whitespace. */
  #peek(): string {
    while (' \n\r\t'.includes(this.#text[this.#at] as string)) this.#at++;
    return this.#text[this.#at] as string;
  }
}
