import { type Args, ErrorUri, type Kwargs, Payload } from '@wampkit/protocol';
import type { Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';

/** A call of the meta API. */
export interface MetaCall {
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** Who calls; `null` for a session of the router itself. */
  readonly caller: Session | null;
}

/** A procedure of the meta API. It runs within the dispatch of its CALL, unless it gives a promise. */
export interface Procedure {
  (call: MetaCall): Answer | Promise<Answer>;
  /** Whether what its caller sends waits until it is answered, should it give a promise (BP-ORD-02). */
  readonly inOrder?: boolean;
}

/** What a procedure answers: RESULT's payload, or ERROR. */
export type Answer = Payload | Refusal;

/** Procedures by URI. */
export type Procedures = Readonly<Record<string, Procedure>>;

/** The answer whose only argument is `value`. */
export function answer(value: unknown): Payload {
  return Payload.of([value]);
}

/** Arguments that are missing or of a wrong type (UMETA-04). */
export function invalidArgument(text: string): Refusal {
  return { uri: ErrorUri.InvalidArgument, text };
}
