/**
 * Sets a key that came from outside; `__proto__` is a key like any other. A key that is `undefined` is left out, as
 * JSON.stringify does: JavaScript clients send options that they do not have so in CBOR and MessagePack.
 */
export function setKey(dict: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) return;
  if (key !== '__proto__') dict[key] = value;
  else Object.defineProperty(dict, key, { value, enumerable: true, configurable: true, writable: true });
}
