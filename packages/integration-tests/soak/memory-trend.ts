import type { MemoryUse } from './soaked-router.js';

const MIB = 1024 * 1024;

/** Growth that is still taken for noise, from the first third of a run to its end, bytes. */
const allowed: MemoryUse = { heap: 2 * MIB, rss: 24 * MIB };

/** Memory over the course of a run. */
export class MemoryTrend {
  readonly #samples: { readonly at: number; readonly use: MemoryUse }[] = [];

  /** @param at progress of the run: sessions, or seconds */
  add(at: number, use: MemoryUse): void {
    this.#samples.push({ at, use });
  }

  /** What a straight line through the samples, the first third left out as warming up, rises over them: bytes. */
  growth(of: keyof MemoryUse): number {
    const samples = this.#samples.slice(Math.floor(this.#samples.length / 3));
    const count = samples.length;
    if (count < 2) return 0;
    const at = samples.reduce((sum, each) => sum + each.at, 0) / count;
    const bytes = samples.reduce((sum, each) => sum + each.use[of], 0) / count;
    const up = samples.reduce((sum, each) => sum + (each.at - at) * (each.use[of] - bytes), 0);
    const across = samples.reduce((sum, each) => sum + (each.at - at) ** 2, 0);
    return (up / across) * (samples[count - 1]!.at - samples[0]!.at);
  }

  /** One line for people: growth and verdict. */
  describe(): string {
    const part = (of: keyof MemoryUse) =>
      `${of} ${(this.growth(of) / MIB).toFixed(2)} MiB (allowed ${allowed[of] / MIB})`;
    return `${this.isFlat() ? 'flat' : 'GROWS'}: ${part('heap')}, ${part('rss')}`;
  }

  isFlat(): boolean {
    return this.growth('heap') <= allowed.heap && this.growth('rss') <= allowed.rss;
  }
}
