import type { Publish } from '@wampkit/protocol';
import { TESTAMENT_SIZE_PER_SESSION, TESTAMENTS_PER_SESSION } from '../limits.js';

/** When a testament is published: when the session is detached from its transport, or when it is destroyed (TEST-02). */
export type TestamentScope = 'detached' | 'destroyed';

interface Testament {
  readonly message: Publish;
  /** In bytes, about. */
  readonly size: number;
}

/** What a session wants published after its end, in two buckets (TEST-03). */
export class Testaments {
  #detached: Testament[] = [];
  #destroyed: Testament[] = [];

  /** Adds one, unless the session has too many, or too large ones. @returns whether it was added */
  add(scope: TestamentScope, message: Publish, size: number): boolean {
    const all = [...this.#detached, ...this.#destroyed];
    const total = all.reduce((sum, one) => sum + one.size, size);
    if (all.length >= TESTAMENTS_PER_SESSION || total > TESTAMENT_SIZE_PER_SESSION) return false;
    (scope === 'detached' ? this.#detached : this.#destroyed).push({ message, size });
    return true;
  }

  flush(scope: TestamentScope): void {
    if (scope === 'detached') this.#detached = [];
    else this.#destroyed = [];
  }

  /** In the order of publication: sessions are not resumed, so that both happen at once, the detached bucket first. */
  messages(): readonly Publish[] {
    return [...this.#detached, ...this.#destroyed].map(({ message }) => message);
  }
}
