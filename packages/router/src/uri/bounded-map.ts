/**
 * A cache whose memory is bounded: a map of strings that forgets what was not asked for lately.
 *
 * Two generations: when the young one is full it becomes the old one, whose entries come back when they are asked for.
 * So a hit is one lookup, and no eviction walks over anything.
 */
export class BoundedMap<V> {
  readonly #limit: number;
  readonly #longestKey: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  /**
   * @param limit entries of one generation; at most twice as many are held
   * @param longestKey keys with more UTF-16 units than this are never held, so that keys are bounded too
   */
  constructor(limit: number, longestKey: number) {
    this.#limit = limit;
    this.#longestKey = longestKey;
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#fromOld(key);
  }

  /** Holds a value for a while. It must not be `undefined`. */
  set(key: string, value: V): void {
    if (key.length > this.#longestKey) return;
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    if (this.#young.size > 0) this.#young = new Map();
    if (this.#old.size > 0) this.#old = new Map();
  }

  #fromOld(key: string): V | undefined {
    const value = this.#old.get(key);
    if (value === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, value);
    return value;
  }
}
