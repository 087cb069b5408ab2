/** Sets a key that came from outside; `__proto__` is a key like any other. */
export function setKey(dict: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') dict[key] = value;
  else Object.defineProperty(dict, key, { value, enumerable: true, configurable: true, writable: true });
}
