import type { Dict, TransportInfo } from '@wampkit/protocol';

/** What answers a CHALLENGE: `AUTHENTICATE.Signature` and `AUTHENTICATE.Extra`. */
export interface AuthAnswer {
  readonly signature: string;
  /** Default: the empty dict. */
  readonly extra?: Dict;
}

/** What a handshake may know of where it takes place. */
export interface HandshakeContext {
  readonly transport: TransportInfo;
}

/** The client's half of one handshake. */
export interface ClientHandshake {
  /** The name in `HELLO.Details.authmethods` and `CHALLENGE.AuthMethod`, such as `ticket`. */
  readonly method: string;
  /** `HELLO.Details.authid`. */
  readonly authid?: string | undefined;
  /** Merged into `HELLO.Details.authextra`. */
  readonly authextra?: Dict;
  /**
   * Answers a CHALLENGE of this method. A throw or rejection ends the handshake.
   *
   * @param extra `CHALLENGE.Extra`
   */
  answer(extra: Dict): AuthAnswer | Promise<AuthAnswer>;
  /**
   * Judges the WELCOME that this method led to: the one whose CHALLENGE was answered, or that WELCOME names. When there
   * was no CHALLENGE and WELCOME names none that was offered, each of them is asked. A throw ends the session before it
   * begins.
   *
   * @param details `WELCOME.Details`
   */
  welcomed?(details: Dict): void;
}

/** The client's half of a method that remembers something from HELLO to WELCOME. */
export interface StatefulAuthenticator {
  /** As in what `begin` returns. */
  readonly method: string;
  /** As in what `begin` returns. */
  readonly authid?: string | undefined;
  /** Begins a handshake, before HELLO. A throw is what joining rejects with. */
  begin(context: HandshakeContext): ClientHandshake;
}

/**
 * The client's half of an authentication method (AUTH-01, AUTH-02). One object serves every join, also those after a
 * reconnect: it keeps nothing of a single handshake, or begins each anew.
 */
export type ClientAuthenticator = ClientHandshake | StatefulAuthenticator;
