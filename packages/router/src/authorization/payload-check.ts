import type { Args, Kwargs } from '@wampkit/protocol';

/** What is wrong with a payload. */
export interface PayloadFault {
  /** Where, as a JSON Pointer that begins with `/args` or `/kwargs`. */
  readonly path: string;
  /** What it fails, such as the keyword of a JSON Schema. */
  readonly keyword: string;
  /** For people; may be told to who sent the payload. */
  readonly message: string;
}

/**
 * Judges Arguments and ArgumentsKw of a CALL or PUBLISH that a rule allows.
 *
 * Called synchronously for each message; what it is given is valid until it returns. A throw is a fault.
 *
 * @returns what is wrong, or `null`
 */
export type PayloadCheck = (args: Args, kwargs: Kwargs) => PayloadFault | null;
