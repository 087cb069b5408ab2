import { isDeepStrictEqual } from 'node:util';
import type { PayloadItems } from '../payloads.js';
import type { Wire } from '../wire/wire.js';

const EVERY = 256;
const SHOWN = 200;

/**
 * Checks what comes back: each message's code and least length, and the whole payload of the first and of each 256th,
 * compared as values, since routers may write the same value in other bytes.
 */
export class AnswerCheck {
  /** What came back wrong, in words; at most ten. */
  readonly faults: string[] = [];
  readonly #wire: Wire;
  readonly #code: number;
  readonly #payload: PayloadItems;
  readonly #length: number;
  #seen = 0;

  constructor(wire: Wire, code: number, payload: PayloadItems) {
    this.#wire = wire;
    this.#code = code;
    this.#payload = payload;
    this.#length = wire.encode(payload[0]).length;
  }

  check(bytes: Buffer, start: number, end: number): void {
    if (this.#wire.readCode(bytes, start) !== this.#code || end - start < this.#length)
      this.fault(bytes, start, end);
    else if (this.#seen++ % EVERY === 0) this.#compare(bytes, start, end);
  }

  /** Notes a message that should not have come, or not so. */
  fault(bytes: Buffer, start: number, end: number): void {
    if (this.faults.length < 10)
      this.faults.push(
        `expected ${this.#code}: ${bytes.toString('latin1', start, Math.min(end, start + SHOWN))}`,
      );
  }

  #compare(bytes: Buffer, start: number, end: number): void {
    const message = this.#wire.decode(bytes.subarray(start, end));
    const at = this.#code === 36 ? 4 : 3; // EVENT has two ids before its Details, RESULT one
    const kwargs = this.#payload[1] ?? {};
    if (!isDeepStrictEqual([message[at], message[at + 1] ?? {}], [this.#payload[0], kwargs]))
      this.fault(bytes, start, end);
  }
}
