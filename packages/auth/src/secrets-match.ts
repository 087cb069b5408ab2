/**
 * Whether a given secret is the expected one. Takes time by the length of `given` alone, so that it tells nothing of
 * `expected`, neither its length nor how much of it was right (TICK-01).
 *
 * @param expected the secret on record; an empty one matches nothing
 * @param given what came over the wire
 */
export function secretsMatch(expected: string, given: string): boolean {
  const length = expected.length;
  let difference = length ^ given.length;
  // `given` stands in for an empty `expected`, so that the loop's work stays the same.
  const reference = length === 0 ? given : expected;
  for (let index = 0; index < given.length; index++)
    difference |= given.charCodeAt(index) ^ reference.charCodeAt(index % reference.length);
  return difference === 0 && length > 0;
}
