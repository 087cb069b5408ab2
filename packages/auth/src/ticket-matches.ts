import { secretsMatch } from './secrets-match.js';

/**
 * Whether a given ticket is the expected one (TICK-01), in a time that tells nothing of the expected one.
 *
 * @param expected the ticket on record; an empty one matches nothing
 * @param given what came in AUTHENTICATE.Signature
 */
export function ticketMatches(expected: string, given: string): boolean {
  return secretsMatch(expected, given);
}
