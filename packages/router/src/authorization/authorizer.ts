import type { MatchPolicy } from '@wampkit/protocol';
import type { SessionDetails } from '../session/session-details.js';
import type { Action } from './decision.js';

/** What an authorizer is told besides session, URI and action. */
export interface AuthorizationOptions {
  /** How the URI is meant: a pattern stands for every URI that it matches (AZ-03). `exact` for calls and publications. */
  readonly match: MatchPolicy;
  /** Aborts when nobody waits for the answer any more: the session is gone, or time is up. */
  readonly signal: AbortSignal;
}

/** An authorizer's answer. Everything else that it gives is a failure, and allows nothing (AZ-02). */
export type Verdict =
  | boolean
  | {
      readonly allow: boolean;
      /** Whether the session may be disclosed, as `disclose_me` and `disclose_caller` ask for; default `false`. */
      readonly disclose?: boolean;
      /** Whether the answer may be held for a while, for the same session, action, URI and match; default `false`. */
      readonly cache?: boolean;
    };

/**
 * Decides what the sessions of a role may do, where no static rule of the role does (AZ-01).
 *
 * It may be asked about many sessions at a time. A throw or a rejection allows nothing, and the session learns
 * `wamp.error.authorization_failed` (AZ-02).
 */
export interface Authorizer {
  /** Names it to those who may know why something was denied. */
  readonly name: string;
  /** Changes when what it answered before does not hold any more: answers that are held are given up. */
  readonly generation?: unknown;
  authorize(
    session: SessionDetails,
    uri: string,
    action: Action,
    options: AuthorizationOptions,
  ): Verdict | Promise<Verdict>;
}

/** An authorizer that is a WAMP procedure. */
export interface AuthorizerProcedure {
  /** Called with (session as `wamp.session.get` tells it, uri, action, options `{ match, realm }`); gives a `Verdict`. */
  readonly procedure: string;
  /** The realm in which it is registered. Default: the session's own. */
  readonly realm?: string;
}
