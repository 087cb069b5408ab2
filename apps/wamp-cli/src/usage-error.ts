/** What was typed cannot be used; the message says what and where. Exit code 1, and nothing was sent. */
export class UsageError extends Error {
  override name = 'UsageError';
}
