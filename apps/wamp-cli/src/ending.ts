/** When a verb that runs on comes to its end; all absent: never by itself. */
export interface EndConditions {
  /** So many events or invocations. */
  readonly count?: number | undefined;
  /** Milliseconds since the start. */
  readonly duration?: number | undefined;
  /** Milliseconds without an event. */
  readonly idle?: number | undefined;
}

/** Watches over the conditions under which a verb that runs on ends. */
export class Ending implements Disposable {
  /** Resolves when the first condition is met, rejects when the verb failed. */
  readonly reached: Promise<void>;
  readonly #conditions: EndConditions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #idleTimer: NodeJS.Timeout | null = null;
  #counted = 0;
  #over = false;

  constructor(conditions: EndConditions) {
    this.#conditions = conditions;
    this.reached = new Promise((...settle) => {
      [this.#resolve, this.#reject] = settle;
    });
    // It may fail before anybody waits.
    this.reached.catch(() => {});
  }

  /** Whether the end has come: what comes now is not wanted any more. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Starts the clocks. */
  start(): void {
    const { duration, idle } = this.#conditions;
    if (duration !== undefined) this.#timers.add(setTimeout(() => this.#end(), duration));
    if (idle === undefined || this.#over) return;
    this.#idleTimer = setTimeout(() => this.#end(), idle);
    this.#timers.add(this.#idleTimer);
  }

  /** One more event or invocation. */
  count(): void {
    this.#counted++;
    this.#idleTimer?.refresh();
    if (this.#counted === this.#conditions.count) this.#end();
  }

  fail(error: Error): void {
    this.#over = true;
    this.#reject(error);
  }

  [Symbol.dispose](): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #end(): void {
    this.#over = true;
    this.#resolve();
  }
}
