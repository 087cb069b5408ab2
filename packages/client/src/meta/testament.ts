import { type CallOptions, type PayloadInput, type PublishOptions, wireOptions } from '../options.js';

/** How a testament is kept and published. */
export interface TestamentOptions extends CallOptions {
  /**
   * `destroyed` (default): when the session is over; `detached`: when its transport is. A session that cannot be resumed
   * meets both at once, `detached` first (TEST-03).
   */
  readonly scope?: 'destroyed' | 'detached';
  /** PUBLISH.Options of the event. */
  readonly publish?: Omit<PublishOptions, 'acknowledge' | 'signal'>;
}

/** The call of `wamp.session.add_testament`. */
export function testament(
  topic: string,
  payload: PayloadInput,
  { scope, publish, ...options }: TestamentOptions,
) {
  return {
    procedure: 'wamp.session.add_testament',
    payload: {
      args: [topic, payload.args ?? [], payload.kwargs ?? {}],
      kwargs: {
        ...(publish !== undefined && { publish_options: wireOptions(publish) }),
        ...(scope !== undefined && { scope }),
      },
    },
    options,
  };
}
