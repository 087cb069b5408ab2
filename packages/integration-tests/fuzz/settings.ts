/** What numbers the fuzz tests start from: the same each time, or `WAMPKIT_FUZZ_SEED`. */
export const seed = Number(process.env.WAMPKIT_FUZZ_SEED ?? 20_261);

const scale = Number(process.env.WAMPKIT_FUZZ_SCALE ?? 1);

/** How many inputs to make where `usual` are made in an ordinary run: `WAMPKIT_FUZZ_SCALE` times as many. */
export function scaled(usual: number): number {
  return Math.ceil(usual * scale);
}

/** How long a test may take that takes `usual` ms at most in an ordinary run. */
export function scaledTimeout(usual: number): number {
  return usual * Math.max(1, scale);
}
