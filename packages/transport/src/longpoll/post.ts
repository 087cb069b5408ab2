/** What came back of a POST. */
export interface PostAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * Sends one HTTP POST; a seam between platforms.
 *
 * @param body `null`: none. Text is JSON, bytes are not
 * @throws when no answer came, or `limit` bytes were not enough for its body; the message tells why
 */
export type Post = (
  url: string,
  body: string | Uint8Array<ArrayBuffer> | null,
  options: { signal: AbortSignal; limit: number },
) => Promise<PostAnswer>;
