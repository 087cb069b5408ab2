/** A call that has been passed to its callee and has no final answer yet. */
export class PendingCall<Session> {
  readonly caller: Session;
  /** CALL.Request */
  readonly request: number;
  readonly callee: Session;
  /** INVOCATION.Request */
  readonly invocation: number;
  /** Whether the callee was told that the caller takes progressive results (PCR-03). */
  readonly progressive: boolean;
  /** Whether the callee was interrupted in mode `kill`: its answer still goes to the caller (CAN-03). */
  killed = false;
  /** Whether it has its final answer. */
  closed = false;

  // five plain parameters: an options object a call would be garbage on the hot path
  constructor(caller: Session, request: number, callee: Session, invocation: number, progressive: boolean) {
    this.caller = caller;
    this.request = request;
    this.callee = callee;
    this.invocation = invocation;
    this.progressive = progressive;
  }
}

/** The open calls of one session by id: of a caller by CALL.Request, of a callee by INVOCATION.Request. */
export class PendingCalls<Session> {
  // made on first use: most sessions never call, or never serve
  #calls: Map<number, PendingCall<Session>> | null = null;

  get size(): number {
    return this.#calls === null ? 0 : this.#calls.size;
  }

  get(id: number): PendingCall<Session> | undefined {
    return this.#calls === null ? undefined : this.#calls.get(id);
  }

  add(id: number, call: PendingCall<Session>): void {
    this.#calls ??= new Map();
    this.#calls.set(id, call);
  }

  delete(id: number): void {
    if (this.#calls !== null) this.#calls.delete(id);
  }

  /** The calls open now; later changes do not touch the list. */
  list(): readonly PendingCall<Session>[] {
    return this.#calls === null ? [] : [...this.#calls.values()];
  }
}
