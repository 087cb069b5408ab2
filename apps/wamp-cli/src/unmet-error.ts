/** What was expected is not so: a router fails its conformance checks, or nothing was found. Exit code 8. */
export class UnmetError extends Error {
  override name = 'UnmetError';
}
