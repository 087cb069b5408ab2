import { Call } from '@wampkit/protocol';
import { LARGEST_KEPT_PAYLOADS } from '../limits.js';
import type { Callee, Registration } from './registration.js';

/** A CALL, and chunks that followed it, kept beyond their dispatch: to be passed on later. */
export class KeptCall<Session> {
  /** The CALL, and the chunks of a progressive invocation that came while it waits. */
  readonly messages: Call[] = [];
  /** The callees that answered that they are unavailable (RER-02); `null` when none did. */
  tried: Set<Callee<Session>> | null = null;
  #bytes = 0;

  /** @returns whether the registration's bound allowed it; if not, nothing is kept */
  keep(message: Call, registration: Registration<Session>): boolean {
    const { request, options, procedure, payload } = message;
    const size = payload.end - payload.start;
    if (registration.keptBytes + size > LARGEST_KEPT_PAYLOADS) return false;
    this.messages.push(new Call(request, options, procedure, payload.retain()));
    this.#bytes += size;
    registration.keptBytes += size;
    return true;
  }

  /** Gives up what is kept. */
  release(registration: Registration<Session>): void {
    registration.keptBytes -= this.#bytes;
    this.#bytes = 0;
    this.messages.length = 0;
  }

  /** Counts what is kept for another registration from now on. */
  move(from: Registration<Session>, to: Registration<Session>): void {
    from.keptBytes -= this.#bytes;
    to.keptBytes += this.#bytes;
  }
}

interface Keeping<Session> {
  readonly registration: Registration<Session>;
  kept: KeptCall<Session> | null;
}

/** Keeps the CALL of a call that its callee may turn down, where there is another callee (RER-02). */
export function keepForRerouting<Session>(call: Keeping<Session>, message: Call): void {
  if (call.kept !== null || call.registration.callees.length === 1) return;
  const kept = new KeptCall<Session>();
  if (kept.keep(message, call.registration)) call.kept = kept;
}

/** Gives up what is kept of a call: it goes to no other callee. */
export function releaseKept<Session>(call: Keeping<Session>): void {
  if (call.kept === null) return;
  call.kept.release(call.registration);
  call.kept = null;
}
