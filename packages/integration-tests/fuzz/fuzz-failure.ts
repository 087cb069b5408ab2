/** Where in a run an input stands. */
export interface Whereabouts {
  /** What was fuzzed, such as `json, joined`. */
  readonly target: string;
  readonly seed: number;
  /** Which one, from 0. */
  readonly index: number;
  readonly input: Uint8Array;
}

/** An input did harm; the message has what it takes to do it again. */
export class FuzzFailure extends Error {
  override name = 'FuzzFailure';

  constructor({ target, seed, index, input }: Whereabouts, cause: unknown) {
    const hex = Buffer.from(input.subarray(0, 2000)).toString('hex');
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${target}, seed ${seed}, input ${index}: ${why}\ninput in hex: ${hex}`, { cause });
  }
}
