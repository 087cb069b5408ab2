const encoder = new TextEncoder();

/** A text's octets in UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}
