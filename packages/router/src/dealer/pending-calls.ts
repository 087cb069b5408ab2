import type { Dict } from '@wampkit/protocol';
import type { CallTimeout } from './call-timeouts.js';
import type { KeptCall } from './kept-call.js';
import type { Callee, Registration } from './registration.js';

/** A call that has no final answer yet: passed to its callee, or waiting for one that is free. */
export class PendingCall<Session> {
  readonly caller: Session;
  /** CALL.Request */
  readonly request: number;
  /** Another one when its registration is taken over while it waits. */
  registration: Registration<Session>;
  /** `null` while it waits. */
  callee: Callee<Session> | null = null;
  /** INVOCATION.Request; 0 while it waits. */
  invocation = 0;
  /** Whether the callee was told that the caller takes progressive results (PCR-03). */
  progressive = false;
  /** The procedure of a progressive invocation whose last chunk has not come (PCI-04); `null` for any other call. */
  stream: string | null = null;
  /** How its payloads are passed through: what the first CALL said (PPT-02, PCI-09); `null`: they are not. */
  passthru: Dict | null = null;
  /** Its time limit, where the dealer runs the timer (TMO-03). */
  timeout: CallTimeout<PendingCall<Session>> | null = null;
  /** What it takes to pass it on later: it waits, or may be re-routed. */
  kept: KeptCall<Session> | null = null;
  /** Whether the callee was interrupted in mode `kill`: its answer still goes to the caller (CAN-03). */
  killed = false;
  /** Whether it has its final answer. */
  closed = false;

  constructor(caller: Session, request: number, registration: Registration<Session>) {
    this.caller = caller;
    this.request = request;
    this.registration = registration;
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
