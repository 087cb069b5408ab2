import { limits } from '../limits.js';

/** What waits for the next receive of a long-poll: messages as they go out, framed where they are batched. */
export class AnswerQueue {
  readonly #batched: boolean;
  readonly #batchSize: number;
  #messages: Buffer[] = [];
  /** Where the first waiting message stands in `#messages`. */
  #first = 0;
  #bytes = 0;

  /** @param batchSize the most that a batch holds, unless a single message is larger: bytes */
  constructor(batched: boolean, batchSize: number) {
    this.#batched = batched;
    this.#batchSize = batchSize;
  }

  get isEmpty(): boolean {
    return this.#first === this.#messages.length;
  }

  /** Bytes, and for each message what it costs besides. */
  get size(): number {
    return this.#bytes + (this.#messages.length - this.#first) * limits.waitingMessage;
  }

  add(message: Buffer): void {
    this.#messages.push(message);
    this.#bytes += message.length;
  }

  /** Takes what one answer carries: all in a batch, as far as it goes, or the one next message (LP-02). */
  take(): Buffer[] {
    const taken = this.#messages.slice(this.#first, this.#first + this.#count());
    this.#first += taken.length;
    for (const { length } of taken) this.#bytes -= length;
    if (this.#first * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** Puts back what could not be delivered, before all else. */
  putBack(messages: readonly Buffer[]): void {
    this.#messages = [...messages, ...this.#messages.slice(this.#first)];
    this.#first = 0;
    for (const { length } of messages) this.#bytes += length;
  }

  clear(): void {
    this.#messages = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  #count(): number {
    if (!this.#batched) return 1;
    let size = 0;
    let index = this.#first;
    for (; index < this.#messages.length; index++) {
      size += (this.#messages[index] as Buffer).length;
      if (size > this.#batchSize && index > this.#first) break;
    }
    return index - this.#first;
  }
}
