import type { Clock, Timer } from '@wampkit/protocol';

interface Alarm {
  readonly due: number;
  readonly fn: () => void;
}

/** A clock that stands still until `advance` moves it. */
export class FakeClock implements Clock {
  readonly #start: number;
  readonly #alarms = new Set<Alarm>();
  #elapsed = 0;

  /** @param start what `now` gives at first, milliseconds since the epoch */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  /** How many timers are set: 0 when nothing was left behind. */
  get timers(): number {
    return this.#alarms.size;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimer(ms: number, fn: () => void): Timer {
    const alarm = { due: this.#elapsed + ms, fn };
    this.#alarms.add(alarm);
    return { cancel: () => this.#alarms.delete(alarm) };
  }

  /** Moves time on by `ms`, firing what falls due on the way, each at its time and in its order. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#alarms.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.fn();
    }
    this.#elapsed = end;
  }

  #next(end: number): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms)
      if (alarm.due <= end && (next === undefined || alarm.due < next.due)) next = alarm;
    return next;
  }
}
