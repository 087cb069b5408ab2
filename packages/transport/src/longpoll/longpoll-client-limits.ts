/** The rows of `limits` that hold for a long-poll of a browser too; apart, so that no other page downloads them. */
export const longPollClientLimits = {
  /** Body that is read of the answer to the request which opens a long-poll. */
  openAnswerSize: 16 * 1024,
} as const;
