import type { Clock } from '@wampkit/protocol';
import { REPEAT_INTERVAL } from './limits.js';

/** How a kind of event is written. */
export interface RepeatWriter<Info> {
  /** The first one after a quiet interval. */
  one(info: Info): void;
  /** `count` more since the last line, `last` being one of them. */
  more(count: number, last: Info): void;
}

/** Keeps a kind of event that peers can cause at will to one line at once and one line an interval. */
export class RepeatLog<Info> {
  readonly #clock: Clock;
  readonly #writer: RepeatWriter<Info>;
  #count = 0;
  #last: Info | null = null;
  #waiting = false;

  constructor(clock: Clock, writer: RepeatWriter<Info>) {
    this.#clock = clock;
    this.#writer = writer;
  }

  add(info: Info): void {
    if (this.#waiting) {
      this.#count++;
      this.#last = info;
      return;
    }
    this.#writer.one(info);
    this.#wait();
  }

  /** Writes what has not been summed up yet. */
  flush(): void {
    if (this.#count > 0) this.#writer.more(this.#count, this.#last!);
    this.#count = 0;
    this.#last = null;
  }

  #wait(): void {
    this.#waiting = true;
    this.#clock.setTimer(REPEAT_INTERVAL, () => {
      const again = this.#count > 0;
      this.flush();
      this.#waiting = false;
      if (again) this.#wait();
    });
  }
}
