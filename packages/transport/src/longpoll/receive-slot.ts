import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@wampkit/protocol';
import { answerEmpty, answerLine } from './longpoll-answers.js';

/** What a slot tells its peer. */
interface SlotOwner {
  /** Neither a receive is held nor an answer under way. */
  onIdle(): void;
  /** A receive came, or the answer before it is through: whoever has something to say may. */
  onReady(): void;
  /** An answer could not be written to its end. */
  onLost(messages: readonly Buffer[]): void;
}

/** The receive that a long-poll holds, and the answer that is being written. */
export class ReceiveSlot {
  readonly #owner: SlotOwner;
  readonly #clock: Clock;
  readonly #holdTime: number;
  readonly #contentType: string;
  #held: ServerResponse | null = null;
  #timer: Timer | null = null;
  /** Its answer is being written. */
  #answering: ServerResponse | null = null;

  constructor(owner: SlotOwner, options: { clock: Clock; holdTime: number; contentType: string }) {
    this.#owner = owner;
    this.#clock = options.clock;
    this.#holdTime = options.holdTime;
    this.#contentType = options.contentType;
  }

  /** Whether nobody waits for a message, nor for the rest of one. */
  get idle(): boolean {
    return this.#held === null && this.#answering === null;
  }

  /** Whether a message would go out at once. */
  get ready(): boolean {
    return this.#held !== null && this.#answering === null;
  }

  /**
   * Holds a receive. An older one is answered without a message: its client has given it up, or its connection is dead
   * and nobody knows. An answer that was not taken yet is cut off, since its client cannot have all of it.
   */
  hold(response: ServerResponse): void {
    const older = this.#take();
    if (older !== null) answerEmpty(older, 204);
    this.#held = response;
    response.once('close', () => this.#release(response));
    this.#timer = this.#clock.setTimer(this.#holdTime, () => {
      const waited = this.#take();
      if (waited !== null) answerEmpty(waited, 204);
      this.#rest();
    });
    if (this.#answering === null) this.#owner.onReady();
    else this.#answering.destroy();
  }

  /** Answers the held receive with messages. Only when `ready`. */
  answer(messages: readonly Buffer[]): void {
    const response = this.#take() as ServerResponse;
    this.#answering = response;
    const body = messages.length === 1 ? (messages[0] as Buffer) : Buffer.concat(messages);
    const settle = (isWritten: boolean): void => {
      if (this.#answering !== response) return;
      this.#answering = null;
      if (!isWritten) this.#owner.onLost(messages);
      this.#rest();
    };
    const { socket } = response;
    response.once('close', () => settle(false));
    response.writeHead(200, { 'content-type': this.#contentType, 'content-length': body.length });
    // When the connection breaks, `finish` comes too, and this without an error.
    response.write(body, (error) => settle(!error && socket?.destroyed === false));
    response.end();
  }

  /** Answers the held receive with the news that there will be no more. */
  answerEnd(text: string): void {
    const response = this.#take();
    if (response !== null) answerLine(response, 410, text);
  }

  #rest(): void {
    if (this.#answering !== null) return;
    if (this.#held === null) this.#owner.onIdle();
    else this.#owner.onReady();
  }

  #take(): ServerResponse | null {
    const response = this.#held;
    this.#held = null;
    this.#timer?.cancel();
    this.#timer = null;
    return response;
  }

  /** Its client is gone, unless it has been answered. */
  #release(response: ServerResponse): void {
    if (this.#held !== response) return;
    this.#take();
    this.#rest();
  }
}
