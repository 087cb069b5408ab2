import { type Args, ErrorUri, isDict, isUri, type Kwargs, Payload } from '@wampkit/protocol';

/** The ERROR that a thrown value becomes. */
export interface InvocationError {
  readonly uri: string;
  readonly payload: Payload;
  /** Whether its thrower meant it as an ERROR: it bears a URI. */
  readonly meant: boolean;
}

/** Turns whatever a procedure threw into URI and payload of its ERROR; never without a word of why. */
export function invocationError(thrown: unknown): InvocationError {
  const { uri, args, kwargs } = (thrown ?? {}) as { uri?: unknown; args?: unknown; kwargs?: unknown };
  const text = thrownText(thrown);
  if (typeof uri !== 'string' || !isUri(uri))
    return { uri: ErrorUri.RuntimeError, payload: Payload.of([text]), meant: false };
  const payload = Payload.of(
    Array.isArray(args) ? (args as Args) : [],
    isDict(kwargs) ? (kwargs as Kwargs) : {},
  );
  return { uri, payload: payload.count === 0 && text !== '' ? Payload.of([text]) : payload, meant: true };
}

function thrownText(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) return 'message' in thrown ? String(thrown.message) : '';
  return String(thrown);
}
