import type { Dict, Payload, TransportInfo } from '@wampkit/protocol';

/** A call that an authenticator makes, in the name of the router. */
export interface AuthCall {
  /** The realm in which the procedure is registered. */
  readonly realm: string;
  readonly procedure: string;
  readonly payload: Payload;
  /** How long it may take, in milliseconds. */
  readonly timeout: number;
}

/** What is known of a session that wants to join. */
export interface AuthRequest {
  readonly realm: string;
  /** The id that the session will have (AUTH-06). */
  readonly session: number;
  /** HELLO.Details.authid. */
  readonly authid?: string;
  /** HELLO.Details.authextra; empty when it is absent. */
  readonly authextra: Dict;
  /** What the router itself knows of the transport; nothing in it was claimed in HELLO (AUTH-05). */
  readonly transport: TransportInfo;
  /** Whether somebody still waits for the answer: what takes long looks before it begins. Absent: yes. */
  isWanted?(): boolean;
  /**
   * Calls a procedure in the name of the router, for methods that a procedure decides (DYN-01).
   *
   * @returns rejects with `CallError` for an ERROR, and with another error when there is no answer in time
   */
  call(call: AuthCall): Promise<Payload>;
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
  /** The realm that it joins, where that is not the one it asked for (DYN-01). */
  readonly realm?: string;
  /** When what it proved itself with ends, and the session with it: milliseconds since the epoch. Absent: never. */
  readonly expires?: number;
}

/** The session is refused with ABORT. */
export interface DenyStep {
  readonly type: 'deny';
  /** ABORT.Reason, a URI. */
  readonly reason: string;
  /** ABORT.Details.message. */
  readonly message?: string;
}

/** A session that has joined, by whatever method. */
export interface AuthJoined {
  readonly realm: string;
  readonly identity: {
    readonly authid: string;
    readonly authrole: string;
    readonly authmethod: string;
    readonly authprovider: string;
  };
  readonly transport: TransportInfo;
  /** When the session ends, milliseconds since the epoch; `Infinity` when nothing ends it. */
  readonly expires: number;
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
  /**
   * Whether the client can be asked at all; else the next method of its order is taken, as if this one were not offered.
   * It can when this is absent.
   */
  canStart?(request: AuthRequest): boolean;
  start(request: AuthRequest): AuthStep | Promise<AuthStep>;
  /** Told of every session that joins its realm, by whatever method: to know it again by its transport. */
  joined?(joined: AuthJoined): void;
}
