import type { Publish } from '@wampkit/protocol';
import type { Decision } from '../authorization/decision.js';
import { TESTAMENT_SIZE_PER_SESSION, TESTAMENTS_PER_SESSION } from '../limits.js';

/** When a testament is published: when the session is detached from its transport, or when it is destroyed (TEST-02). */
export type TestamentScope = 'detached' | 'destroyed';

/** One publication that is made after a session's end. */
export interface Testament {
  readonly message: Publish;
  /** What the authorizer of the session's role said while there was a session; `null` where there is none. */
  readonly decision: Decision | null;
  /** In bytes, about. */
  readonly size: number;
}

/** What a session wants published after its end, in two buckets (TEST-03). */
export class Testaments {
  #detached: Testament[] = [];
  #destroyed: Testament[] = [];

  /** Adds one, unless the session has too many, or too large ones. @returns whether it was added */
  add(scope: TestamentScope, testament: Testament): boolean {
    const all = [...this.#detached, ...this.#destroyed];
    const total = all.reduce((sum, { size }) => sum + size, testament.size);
    if (all.length >= TESTAMENTS_PER_SESSION || total > TESTAMENT_SIZE_PER_SESSION) return false;
    (scope === 'detached' ? this.#detached : this.#destroyed).push(testament);
    return true;
  }

  flush(scope: TestamentScope): void {
    if (scope === 'detached') this.#detached = [];
    else this.#destroyed = [];
  }

  /** In the order of publication: sessions are not resumed, so that both happen at once, the detached bucket first. */
  all(): readonly Testament[] {
    return [...this.#detached, ...this.#destroyed];
  }
}
