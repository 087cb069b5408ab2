import type { MatchPolicy } from '@wampkit/protocol';
import type { PayloadCheck } from './payload-check.js';

/** What a session can be allowed to do with a URI (AZ-01). */
export type Action = 'call' | 'register' | 'publish' | 'subscribe';

/** Every action. */
export const actions: readonly Action[] = ['call', 'register', 'publish', 'subscribe'];

/** What is said to one action on one URI or pattern. */
export interface Decision {
  readonly allowed: boolean;
  /** Whether the caller may be disclosed to the callee. */
  readonly discloseCaller: boolean;
  /** Whether the publisher may be disclosed to subscribers. */
  readonly disclosePublisher: boolean;
  /** Names what decided, such as `prefix "com.example."`, `authorizer "com.example.authorize"` or `no rule`; for those who may know. */
  readonly rule: string;
  /** Whether nothing is allowed because an authorizer could not decide (AZ-02). */
  readonly failed: boolean;
  /** What the payload of a CALL or PUBLISH has to fit; `null`: nothing, and it is not looked into. */
  readonly check: PayloadCheck | null;
}

/** What can be asked for a decision. */
export interface Permissions {
  /** Decides an action on a concrete URI. */
  decide(action: Action, uri: string): Decision;
  /** Decides a subscription to or registration of a pattern. */
  decidePattern(action: Action, uri: string, match: MatchPolicy): Decision;
}

/** What no static rule decides: denied, unless an authorizer can be asked. */
export const unruled: Decision = Object.freeze({
  allowed: false,
  discloseCaller: false,
  disclosePublisher: false,
  rule: 'no rule',
  failed: false,
  check: null,
});

/** What an authorizer could not decide is denied (AZ-02). */
export function undecided(rule: string): Decision {
  return Object.freeze({ ...unruled, rule, failed: true });
}
