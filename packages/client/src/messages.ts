import { type Args, type Dict, type Event, type Kwargs, Payload, type Result } from '@wampkit/protocol';
import type { ResultInput } from './options.js';

/* The three bearers of a payload that user code meets. Their shape never depends on the data. Payloads are decoded when
   these are made: the bytes are only borrowed. */

/** What a call gave: the final RESULT, or in a stream a progressive one. */
export class CallResult {
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** RESULT.Details. */
  readonly details: Dict;

  constructor(message: Result) {
    this.args = message.payload.args();
    this.kwargs = message.payload.kwargs();
    this.details = message.details;
  }

  /** The first positional argument, `undefined` when there is none. */
  get value(): unknown {
    return this.args[0];
  }
}

/** An event, as subscribers get it. */
export class EventMessage {
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** EVENT.Details: `publisher`, `retained`, `trustlevel` ... as the router tells. */
  readonly details: Dict;
  /** The topic published to, also for pattern subscriptions. */
  readonly topic: string;
  /** The publication's id. */
  readonly publication: number;

  constructor(message: Event, subscribedTopic: string) {
    this.args = message.payload.args();
    this.kwargs = message.payload.kwargs();
    this.details = message.details;
    this.topic = (message.details.topic as string | undefined) ?? subscribedTopic;
    this.publication = message.publication;
  }

  /** The first positional argument, `undefined` when there is none. */
  get value(): unknown {
    return this.args[0];
  }
}

/** Arguments and keyword arguments that a procedure returns or yields; `result()` makes it. */
export class ResultPayload {
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** YIELD.Options. */
  readonly options: Dict;

  constructor({ args = [], kwargs = {}, options = {} }: ResultInput) {
    this.args = args;
    this.kwargs = kwargs;
    this.options = options as Dict;
  }
}

/** Why a GOODBYE or ABORT came, for people: `Details.message`, else the first argument. */
export function messageText(details: Dict, payload: Payload = Payload.empty): string {
  return typeof details.message === 'string' ? `: ${details.message}` : payloadText(payload);
}

/** Text of an ERROR's or ABORT's first argument, to make an error's message of. */
export function payloadText(payload: Payload): string {
  const first = payload.args()[0];
  return typeof first === 'string' && first !== '' ? `: ${first}` : '';
}
