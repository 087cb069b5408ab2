import { ErrorUri, type Kwargs } from '@wampkit/protocol';
import { LONGEST_QUOTED_URI } from '../limits.js';

/** Why a request is refused: ERROR.Error, and a text that becomes its only argument. */
export interface Refusal {
  readonly uri: string;
  readonly text: string;
  /** ERROR.ArgumentsKw, for programs; absent: none. */
  readonly kwargs?: Kwargs;
}

/** A URI for a text: in quotes, and cut, so that a refusal is never larger than what a peer takes. */
export function quote(uri: string): string {
  return uri.length <= LONGEST_QUOTED_URI ? `"${uri}"` : `"${uri.slice(0, LONGEST_QUOTED_URI)}..."`;
}

/** A URI of a wrong shape (BP-URI-06). */
export function invalidUri(uri: string, fault: string): Refusal {
  return { uri: ErrorUri.InvalidUri, text: `invalid URI ${quote(uri)}: ${fault}` };
}

/** A reserved URI in the hands of an ordinary session (BP-URI-05, A1). */
export function reservedUri(uri: string): Refusal {
  const text = `may not use ${quote(uri)}: URIs whose first component is "wamp" are the router's own`;
  return { uri: ErrorUri.InvalidUri, text };
}

/** Disclosure that is not allowed (CID-03, PID-03, A10). */
export function disclosureDisallowed(who: 'caller' | 'publisher', uri: string): Refusal {
  return { uri: ErrorUri.DiscloseMeDisallowed, text: `the ${who} may not be disclosed for ${quote(uri)}` };
}

/**
 * A bound of the realm is reached. The spec names no URI for it; this one says, as elsewhere in WAMP, that the same
 * request may succeed another time.
 */
export function limitReached(limit: number, of: string): Refusal {
  return { uri: ErrorUri.Unavailable, text: `a session may have ${limit} ${of} at a time` };
}
