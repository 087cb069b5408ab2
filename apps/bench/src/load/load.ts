import type { Latencies } from '../latencies.js';

/** A running load: connections that keep a window of requests in flight until they are closed. */
export interface Load {
  /** Operations finished so far: results, acknowledgements or delivered events. */
  operations(): number;
  /** From request to answer. */
  readonly latencies: Latencies;
  /** What came back wrong, in words; empty when all was right. */
  readonly faults: readonly string[];
  /** Stops sending new requests. */
  stop(): void;
  /** Operations that should have come and did not, or were refused; call it a moment after `stop`. */
  lost(): number;
  close(): void;
}
