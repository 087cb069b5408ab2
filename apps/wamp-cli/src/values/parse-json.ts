import { MAX_JSON_DEPTH } from '../limits.js';
import { parseBase64 } from './parse-base64.js';

/** Why a text is not JSON, and where. */
export class JsonError extends Error {
  override name = 'JsonError';
}

const numberShape = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringShape = /"(?:[^"\\]|\\.)*"/y;
const blank = /[ \t\n\r]*/y;
const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
const floats: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * Reads JSON as `JSON.parse` does, and besides keeps what JavaScript's numbers would lose and what JSON cannot say:
 * an integer beyond 2^53 is a BigInt, `{"$bytes":"<base64>"}` is binary, `{"$float":"NaN|Infinity|-Infinity"}` a float.
 *
 * @throws {JsonError} with line and column
 */
export function parseJson(text: string): unknown {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    this.#match(blank);
    const value = this.#value();
    this.#match(blank);
    if (this.#position < this.#text.length) this.#fail('nothing more');
    return value;
  }

  #value(): unknown {
    const first = this.#text[this.#position];
    if (first === '{') return this.#nested(() => this.#object());
    if (first === '[') return this.#nested(() => this.#array());
    if (first === '"') return this.#string();
    const digits = this.#match(numberShape);
    if (digits !== '') return toNumber(digits);
    for (const word in words) {
      if (!this.#text.startsWith(word, this.#position)) continue;
      this.#position += word.length;
      return words[word];
    }
    return this.#fail('a value');
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_JSON_DEPTH) this.#fail(`at most ${MAX_JSON_DEPTH} levels of nesting`);
    this.#position++;
    this.#match(blank);
    const value = read();
    this.#depth--;
    return value;
  }

  #array(): unknown[] {
    const list: unknown[] = [];
    if (this.#take(']')) return list;
    for (;;) {
      list.push(this.#value());
      if (this.#take(']')) return list;
      if (!this.#take(',')) this.#fail('"," or "]"');
    }
  }

  #object(): unknown {
    const dict: Record<string, unknown> = {};
    if (this.#take('}')) return dict;
    for (;;) {
      if (this.#text[this.#position] !== '"') this.#fail('a key in double quotes');
      const key = this.#string();
      if (!this.#take(':')) this.#fail('":"');
      setKey(dict, key, this.#value());
      if (this.#take('}')) return this.#special(dict);
      if (!this.#take(',')) this.#fail('"," or "}"');
    }
  }

  #special(dict: Record<string, unknown>): unknown {
    try {
      return readSpecial(dict);
    } catch (error) {
      return this.#fail((error as Error).message, this.#position - 1);
    }
  }

  #string(): string {
    const start = this.#position;
    const quoted = this.#match(stringShape);
    if (quoted === '') this.#fail('a closing double quote', this.#text.length);
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return this.#fail('a string with valid escapes and no bare control characters', start);
    }
  }

  /** Takes `mark`, with blanks around it. */
  #take(mark: string): boolean {
    this.#match(blank);
    if (this.#text[this.#position] !== mark) return false;
    this.#position++;
    this.#match(blank);
    return true;
  }

  #match(shape: RegExp): string {
    shape.lastIndex = this.#position;
    const found = shape.exec(this.#text)?.[0] ?? '';
    this.#position += found.length;
    return found;
  }

  #fail(expected: string, at = this.#position): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const place =
      line === 1 && !this.#text.includes('\n') ? `column ${column}` : `line ${line}, column ${column}`;
    const found = at < this.#text.length ? JSON.stringify(this.#text[at]) : 'the end';
    throw new JsonError(`expected ${expected} at ${place}, found ${found}`);
  }
}

function toNumber(digits: string): number | bigint {
  const number = Number(digits);
  if (Number.isSafeInteger(number) || /[.eE]/.test(digits)) return number;
  // 2^53 itself is a WAMP id (BP-ID-01) and exact; its neighbours that round to it are not.
  if (digits === String(number) && Math.abs(number) === 2 ** 53) return number;
  return BigInt(digits);
}

/** Sets an own key, `__proto__` too. */
function setKey(dict: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') dict[key] = value;
  else Object.defineProperty(dict, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Gives the binary or float that a dict with the one key `$bytes` or `$float` stands for; any other dict as it is.
 *
 * @throws {JsonError} saying what should be there
 */
export function readSpecial(dict: Record<string, unknown>): unknown {
  const [key, ...more] = Object.keys(dict);
  if (more.length > 0 || (key !== '$bytes' && key !== '$float')) return dict;
  const value = dict[key];
  if (key === '$bytes') {
    const bytes = typeof value === 'string' ? parseBase64(value) : null;
    if (bytes === null) throw new JsonError('base64 in "$bytes"');
    return bytes;
  }
  if (typeof value === 'string' && Object.hasOwn(floats, value)) return floats[value];
  throw new JsonError('NaN, Infinity or -Infinity in "$float"');
}
