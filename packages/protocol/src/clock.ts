/** A timer that can be cancelled. */
export interface Timer {
  /** Stops the timer; a fired or cancelled one stays as it is. */
  cancel(): void;
}

/** Where time comes from: everything that waits or stamps takes one, so that tests hold time in their hand. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start; for durations. */
  monotonic(): number;
  /** Calls `fn` once after `ms` milliseconds. Does not keep a process alive. */
  setTimer(ms: number, fn: () => void): Timer;
}

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => globalThis.performance.now(),
  setTimer(ms, fn) {
    const handle = setTimeout(fn, ms) as unknown as { unref?(): void };
    handle.unref?.();
    return { cancel: () => clearTimeout(handle as never) };
  },
};
