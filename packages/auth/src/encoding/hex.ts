/** Octets as lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** The octets of hex of either case; `null` for what is no hex of `length` octets. */
export function decodeHex(hex: string, length: number): Uint8Array | null {
  if (hex.length !== 2 * length || !/^[0-9a-f]*$/i.test(hex)) return null;
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}
