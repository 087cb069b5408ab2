/* The `Bytes` seam for browsers, Deno and Bun; `bytes.node.ts` is its twin over node:buffer, and documents it. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  try {
    decoder.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
}

export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

export function readAscii(bytes: Uint8Array, start: number, end: number): string {
  return readUtf8(bytes, start, end);
}

export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts 2 of its 4 bytes, a lone one the 3 of U+FFFD.
    length += unit < 0x800 || isHalfOfPair(text, i, unit) ? 1 : 2;
  }
  return length;
}

function isHalfOfPair(text: string, index: number, unit: number): boolean {
  if (unit >= 0xd800 && unit < 0xdc00) return (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
  return unit >= 0xdc00 && unit < 0xe000 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
}

export function writeUtf8(target: Uint8Array, position: number, text: string): number {
  return position + encoder.encodeInto(text, target.subarray(position)).written;
}

export function writeAscii(target: Uint8Array, position: number, text: string): number {
  return writeUtf8(target, position, text);
}

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x2000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(binary);
}
