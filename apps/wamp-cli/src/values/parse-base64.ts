/** Reads padded base64 (RFC 4648 §4); `null` when `text` is not exactly that. */
export function parseBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : null;
}
