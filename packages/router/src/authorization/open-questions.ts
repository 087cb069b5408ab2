import { AUTHORIZED_PAYLOADS, OPEN_QUESTIONS, SMALL_AUTHORIZED_PAYLOAD } from '../limits.js';

/** The questions that the authorizers of a realm have not answered yet, and the messages that wait for it: bounded. */
export class OpenQuestions {
  #questions = 0;
  #bytes = 0;

  /** @returns whether one more may be asked */
  open(): boolean {
    if (this.#questions >= OPEN_QUESTIONS) return false;
    this.#questions++;
    return true;
  }

  close(): void {
    this.#questions--;
  }

  /** @returns whether a payload of that size may be kept until the answer is there */
  keep(bytes: number): boolean {
    if (bytes <= SMALL_AUTHORIZED_PAYLOAD) return true;
    if (this.#bytes + bytes > AUTHORIZED_PAYLOADS) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    if (bytes > SMALL_AUTHORIZED_PAYLOAD) this.#bytes -= bytes;
  }
}
