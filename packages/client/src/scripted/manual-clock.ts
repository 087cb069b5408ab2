import type { Clock, Timer } from '@wampkit/protocol';

interface ManualTimer extends Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** A clock that stands until a test moves it: pass it as `ConnectOptions.clock`. */
export class ManualClock implements Clock {
  readonly #timers = new Set<ManualTimer>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimer(ms: number, fn: () => void): Timer {
    const timer: ManualTimer = { at: this.#now + ms, fn, cancel: () => this.#timers.delete(timer) };
    this.#timers.add(timer);
    return timer;
  }

  /** How many timers run. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves time on and calls what is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.fn();
    }
    this.#now = end;
  }

  #due(end: number): ManualTimer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}
