/** Collects durations and tells their percentiles; keeps the newest million. */
export class Latencies {
  readonly #values = new Float64Array(1 << 20);
  #count = 0;

  add(milliseconds: number): void {
    this.#values[this.#count++ & (this.#values.length - 1)] = milliseconds;
  }

  /** Forgets all. */
  clear(): void {
    this.#count = 0;
  }

  /** @returns milliseconds at each of the fractions, `NaN` when nothing was added */
  percentiles(fractions: readonly number[]): number[] {
    const size = Math.min(this.#count, this.#values.length);
    const sorted = this.#values.slice(0, size).sort();
    return fractions.map((fraction) => sorted[Math.min(size - 1, Math.floor(size * fraction))] ?? Number.NaN);
  }
}
