/** The rows of `limits` that hold in browsers too, where batches are used; apart, so that no other page downloads them. */
export const batchLimits = {
  /** Messages of one flush that go into one batch: bytes. A larger message is a batch of its own. */
  batchSize: 64 * 1024,
} as const;
