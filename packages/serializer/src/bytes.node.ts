import { Buffer, isUtf8 as isUtf8View } from 'node:buffer';

/* The `Bytes` seam over node:buffer; `bytes.ts` is its twin for other platforms. */

const { latin1Slice, latin1Write, utf8Slice, utf8Write } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  latin1Write(this: Uint8Array, text: string, position: number): number;
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, position: number): number;
};

/** Whether `bytes[start, end)` is UTF-8. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  return isUtf8View(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}

/** The text of `bytes[start, end)`, which must be UTF-8. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  return utf8Slice.call(bytes, start, end);
}

/** The text of `bytes[start, end)`, which must be ASCII. */
export function readAscii(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}

/** How many bytes `text` has in UTF-8; lone surrogates count as U+FFFD. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** Writes `text` as UTF-8; there must be room. Lone surrogates become U+FFFD. Returns the position after it. */
export function writeUtf8(target: Uint8Array, position: number, text: string): number {
  return position + utf8Write.call(target, text, position);
}

/** As `writeUtf8`, for ASCII. */
export function writeAscii(target: Uint8Array, position: number, text: string): number {
  return position + latin1Write.call(target, text, position);
}

/** `text` as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text);
}

/** The bytes of padded base64 (RFC 4648 section 4), which must be well formed. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length).slice();
}

/** Padded base64 (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
