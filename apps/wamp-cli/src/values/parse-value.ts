import { UsageError } from '../usage-error.js';
import { parseBase64 } from './parse-base64.js';
import { JsonError, parseJson } from './parse-json.js';

/** How a typed value is read: JSON when valid, else a string; always a string (`-s`); always base64 (`--b64`). */
export type ValueMode = 'auto' | 'string' | 'base64';

/** The flags that choose a mode. */
export interface ValueModeOptions {
  /** `-s`: every value is a string. */
  strings?: boolean;
  /** `--b64`: every value is base64. */
  b64?: boolean;
}

/** @throws {UsageError} when both are given */
export function valueMode({ strings, b64 }: ValueModeOptions): ValueMode {
  if (strings && b64) throw new UsageError('-s and --b64 exclude each other');
  return strings ? 'string' : b64 ? 'base64' : 'auto';
}

/** Where a value stands and who is told what is odd about it. */
export interface ValuePlace {
  /** What to call it, such as `argument 2`. */
  readonly place: string;
  /** Told about what is legal and probably not meant. */
  warn(text: string): void;
}

/** As `parseValue`, and warns of a string that was probably meant as JSON. */
export function readValue(text: string, mode: ValueMode, { place, warn }: ValuePlace): unknown {
  const value = parseValue(text, mode, place);
  if (mode === 'auto' && typeof value === 'string' && looksLikeJson(text)) {
    warn(`${place} looks like JSON and is not: sent as a string`);
  }
  return value;
}

/**
 * Reads one value as typed in a shell.
 *
 * In mode `auto`, text that is valid JSON is that JSON, `0x` and hex digits are binary, all else is a string; a JSON
 * string (`'"5"'`) forces a string.
 *
 * @param place what to call the value in an error, such as `argument 2`
 * @throws {UsageError} for hex or base64 that is not
 */
export function parseValue(text: string, mode: ValueMode, place: string): unknown {
  if (mode === 'string') return text;
  if (mode === 'base64') return parseBase64(text) ?? refuse(place, `${quoted(text)} is not base64`);
  if (/^0x[0-9a-f]*$/i.test(text)) return parseHex(text, place);
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/**
 * Reads text that must be JSON.
 *
 * @throws {UsageError} naming the place and the fault
 */
export function parseForcedJson(text: string, place: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return refuse(place, `not valid JSON: ${error.message}`);
    throw error;
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text);
}

function parseHex(text: string, place: string): Uint8Array {
  if (text.length % 2 !== 0) {
    refuse(place, `${quoted(text)} has an odd number of hex digits; for a string write '"${text}"'`);
  }
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

function refuse(place: string, fault: string): never {
  throw new UsageError(`${place}: ${fault}`);
}
