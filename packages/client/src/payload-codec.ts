import type { Peer } from '@wampkit/protocol';

/**
 * Packs the payloads that a client sends, and unpacks those that it gets; a seam. `passthru()` of
 * `@wampkit/client/passthru` and `keyRing()` of `@wampkit/client/e2ee` make one.
 */
export interface PayloadCodec {
  /**
   * The peer that the client is to use instead of its transport's.
   *
   * @param reporter takes errors that no request carries: an event that cannot be read
   */
  wrap(peer: Peer, reporter: PayloadReporter): Peer;
}

/** Who is told of errors that no request carries: `ConnectOptions.onError`, and the logger. */
export interface PayloadReporter {
  report(error: unknown, context: string): void;
}
