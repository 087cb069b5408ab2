import { LONGEST_CALL_QUEUE } from '../limits.js';
import type { PendingCall } from './pending-calls.js';
import type { Registration } from './registration.js';

/** The calls that wait until a callee of their registration is free, in the order of their coming. */
export class WaitingCalls<Session> {
  readonly #queues = new Map<Registration<Session>, Set<PendingCall<Session>>>();

  /** Whether calls of a registration wait: a new one must not overtake them (BP-ORD-02). */
  has(registration: Registration<Session>): boolean {
    return this.#queues.size > 0 && this.#queues.has(registration);
  }

  /** Goes on while calls are removed. */
  of(registration: Registration<Session>): Iterable<PendingCall<Session>> {
    return this.#queues.get(registration) ?? [];
  }

  /** @returns whether the queue had room */
  add(call: PendingCall<Session>): boolean {
    const queue = this.#queues.get(call.registration);
    if (queue === undefined) this.#queues.set(call.registration, new Set([call]));
    else if (queue.size < LONGEST_CALL_QUEUE) queue.add(call);
    else return false;
    return true;
  }

  delete(call: PendingCall<Session>): void {
    const queue = this.#queues.get(call.registration);
    if (queue?.delete(call) && queue.size === 0) this.#queues.delete(call.registration);
  }

  /** Lets what waits for one registration wait for another, in the same order. */
  move(former: Registration<Session>, registration: Registration<Session>): void {
    for (const call of this.of(former)) {
      this.delete(call);
      call.kept?.move(former, registration);
      call.registration = registration;
      this.add(call);
    }
  }
}
