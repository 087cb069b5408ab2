/** Where random octets come from; tests bring their own. */
export type RandomBytes = (length: number) => Uint8Array;

/** Octets from the platform's secure source. */
export function randomBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
