import type { Socket } from 'node:net';
import type { Clock, Timer } from '@wampkit/protocol';

/**
 * Accepted connections that are no peer yet, each with the same time to become one. They wait in the order in which
 * they came, so one timer, for the first, is enough.
 */
export class PendingConnections {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #deadlines = new Map<Socket, number>();
  #timer: Timer | null = null;

  /** @param timeout milliseconds; 0: no bound */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock;
    this.#timeout = timeout;
  }

  get size(): number {
    return this.#deadlines.size;
  }

  add(socket: Socket): void {
    this.#deadlines.set(socket, this.#clock.monotonic() + this.#timeout);
    if (this.#timer === null && this.#timeout > 0) this.#arm(this.#timeout);
  }

  /** @returns how long it waited, milliseconds; 0 when it did not */
  delete(socket: Socket): number {
    const deadline = this.#deadlines.get(socket);
    if (deadline === undefined) return 0;
    this.#deadlines.delete(socket);
    if (this.#deadlines.size === 0) {
      this.#timer?.cancel();
      this.#timer = null;
    }
    return this.#timeout - (deadline - this.#clock.monotonic());
  }

  destroyAll(): void {
    for (const socket of [...this.#deadlines.keys()]) socket.destroy();
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimer(ms, () => this.#expire());
  }

  #expire(): void {
    this.#timer = null;
    const now = this.#clock.monotonic();
    for (const [socket, deadline] of this.#deadlines) {
      if (deadline > now) {
        this.#arm(deadline - now);
        return;
      }
      this.#deadlines.delete(socket);
      socket.destroy();
    }
  }
}
