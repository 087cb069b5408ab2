import { encodeBase64 } from '#bytes';
import { MAX_DEPTH, MAX_INTEGER_DIGITS } from '../limits.js';
import { formOf, tooDeep, unencodable, type ValuePath } from '../unencodable.js';

/**
 * The JSON text of an application value. Binary is `"\u0000` and base64 (JBIN-01), BigInt an integer, `undefined` is
 * null in a list and left out of a dict; numbers keep what they are: -0, and an exponent on those beyond 2^53, so that
 * they come back as numbers.
 *
 * @param root what an error calls the value
 * @throws {WampError} `wamp.error.invalid_argument` for what JSON cannot say, naming its place: NaN, infinities,
 *   functions, symbols, strings that start with U+0000 (JBIN-02), cycles
 */
export function stringifyJson(value: unknown, root: string): string {
  return isPlain(value, 1) ? JSON.stringify(value) : new JsonStringifier(root).text(value);
}

/** Whether `JSON.stringify` writes a value as WAMP wants it. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.charCodeAt(0) !== 0;
    case 'number':
      return Math.abs(value) <= 2 ** 53 && !Object.is(value, -0);
    case 'boolean':
      return true;
    case 'object':
      return value === null || (depth <= MAX_DEPTH && isPlainContainer(value, depth + 1));
    default:
      return false;
  }
}

function isPlainContainer(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlain(value[i], depth)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key], depth)) return false;
  return typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}

class JsonStringifier {
  readonly #path: ValuePath;
  #depth = 0;

  constructor(root: string) {
    this.#path = [root];
  }

  text(value: unknown): string {
    switch (typeof value) {
      case 'string':
        if (value.charCodeAt(0) === 0) this.#refuse('a string that starts with U+0000 has no form in json');
        return JSON.stringify(value);
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#integer(value);
      case 'boolean':
        return String(value);
      case 'undefined':
        return 'null';
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        return this.#refuse(`a ${typeof value} has no form in WAMP`);
    }
  }

  #number(value: number): string {
    if (Object.is(value, -0)) return '-0';
    if (!Number.isFinite(value)) this.#refuse(`${value} has no form in json`);
    return Math.abs(value) > 2 ** 53 ? value.toExponential() : String(value);
  }

  #integer(value: bigint): string {
    const text = String(value);
    if (text.length > MAX_INTEGER_DIGITS)
      this.#refuse(`an integer of more than ${MAX_INTEGER_DIGITS} digits`);
    return text;
  }

  #object(value: object): string {
    if (this.#depth === MAX_DEPTH) this.#refuse(tooDeep);
    const form = formOf(value);
    if ('binary' in form) return `"\\u0000${encodeBase64(form.binary)}"`;
    if ('none' in form) this.#refuse(form.none);
    const depth = ++this.#depth;
    const text =
      'list' in form
        ? this.#list(form.list, depth)
        : 'dict' in form
          ? this.#dict(form.dict, depth)
          : this.#replaced(form.other, depth);
    this.#depth--;
    return text;
  }

  #replaced(value: unknown, depth: number): string {
    this.#path[depth] = 'toJSON()';
    return this.text(value);
  }

  #list(list: readonly unknown[], depth: number): string {
    let text = '[';
    for (let i = 0; i < list.length; i++) {
      this.#path[depth] = i;
      text += i === 0 ? this.text(list[i]) : `,${this.text(list[i])}`;
    }
    return `${text}]`;
  }

  #dict(dict: Readonly<Record<string, unknown>>, depth: number): string {
    let text = '';
    for (const key of Object.keys(dict)) {
      const value = dict[key];
      if (value === undefined) continue;
      this.#path[depth] = key;
      text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${this.text(value)}`;
    }
    return text === '' ? '{}' : `${text}}`;
  }

  #refuse(why: string): never {
    throw unencodable(this.#path, this.#depth, why);
  }
}
