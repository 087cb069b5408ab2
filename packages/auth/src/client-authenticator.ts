import type { Dict } from '@wampkit/protocol';

/** What answers a CHALLENGE: `AUTHENTICATE.Signature` and `AUTHENTICATE.Extra`. */
export interface AuthAnswer {
  readonly signature: string;
  /** Default: the empty dict. */
  readonly extra?: Dict;
}

/**
 * The client's half of an authentication method (AUTH-01, AUTH-02). One object serves every join, also those after a
 * reconnect, so it keeps nothing of a single handshake.
 */
export interface ClientAuthenticator {
  /** The name in `HELLO.Details.authmethods` and `CHALLENGE.AuthMethod`, such as `ticket`. */
  readonly method: string;
  /** `HELLO.Details.authid`. */
  readonly authid?: string;
  /** Merged into `HELLO.Details.authextra`. */
  readonly authextra?: Dict;
  /**
   * Answers a CHALLENGE of this method. A throw or rejection ends the handshake.
   *
   * @param extra `CHALLENGE.Extra`
   */
  answer(extra: Dict): AuthAnswer | Promise<AuthAnswer>;
}
