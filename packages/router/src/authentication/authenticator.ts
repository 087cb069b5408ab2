import type { Dict, TransportInfo } from '@wampkit/protocol';

/** What is known of a session that wants to join. */
export interface AuthRequest {
  readonly realm: string;
  /** The id that the session will have (AUTH-06). */
  readonly session: number;
  /** HELLO.Details.authid. */
  readonly authid?: string;
  /** HELLO.Details.authextra; empty when it is absent. */
  readonly authextra: Dict;
  readonly transport: TransportInfo;
}

/** The session has to answer before it is decided. */
export interface ChallengeStep {
  readonly type: 'challenge';
  /** CHALLENGE.Extra. */
  readonly extra: Dict;
  /** Takes AUTHENTICATE's Signature and Extra; another challenge may follow (AUTH-02). */
  answer(signature: string, extra: Dict): AuthStep | Promise<AuthStep>;
}

/** The session is welcome, as the identity given here. */
export interface AcceptStep {
  readonly type: 'accept';
  readonly authid: string;
  /** Must be a role of the realm, else the session gets ABORT `wamp.error.no_such_role`. */
  readonly authrole: string;
  /** Default `static`. */
  readonly authprovider?: string;
  /** WELCOME.Details.authextra. */
  readonly authextra?: Dict;
}

/** The session is refused with ABORT. */
export interface DenyStep {
  readonly type: 'deny';
  /** ABORT.Reason, a URI. */
  readonly reason: string;
  /** ABORT.Details.message. */
  readonly message?: string;
}

/** What follows in an authentication. */
export type AuthStep = ChallengeStep | AcceptStep | DenyStep;

/**
 * An authentication method of a realm.
 *
 * Each `start` is independent: what an exchange has to remember lives in its steps. A throw or a rejection
 * refuses the session with `wamp.error.authentication_failed`.
 */
export interface Authenticator {
  /** The name in HELLO.Details.authmethods and CHALLENGE.AuthMethod. */
  readonly method: string;
  start(request: AuthRequest): AuthStep | Promise<AuthStep>;
}
