import {
  type Authenticate,
  Challenge,
  type Dict,
  ErrorUri,
  emptyDict,
  type Hello,
  type Peer,
  ProtocolError,
} from '@wampkit/protocol';
import type { AcceptStep, Authenticator, AuthStep, ChallengeStep } from '../authentication/authenticator.js';
import type { Realm } from '../realm/realm.js';
import type { Refusal } from './refusal.js';
import type { Identity } from './session-details.js';

/** How a handshake ends; called once, unless it was given up before. */
export interface HandshakeOutcome {
  accepted(grant: Grant): void;
  refused(refusal: Refusal): void;
}

/** What authentication granted. */
export interface Grant {
  /** The id that the session will have. */
  readonly id: number;
  readonly identity: Identity;
  readonly authextra?: Dict;
}

/** The way from HELLO to WELCOME or ABORT: chooses a method and takes its steps (AUTH-01, AUTH-02). */
export class Handshake {
  readonly realm: Realm;
  readonly hello: Hello;
  readonly #peer: Peer;
  readonly #outcome: HandshakeOutcome;
  readonly #id: number;
  #method = '';
  #challenge: ChallengeStep | null = null;
  #isOver = false;

  constructor(realm: Realm, hello: Hello, to: { readonly peer: Peer; readonly outcome: HandshakeOutcome }) {
    this.realm = realm;
    this.hello = hello;
    this.#peer = to.peer;
    this.#outcome = to.outcome;
    this.#id = realm.reserveId();
  }

  start(): void {
    const authenticator = this.#choose();
    if (authenticator === undefined) {
      const text = `realm "${this.realm.name}" takes none of the authentication methods offered`;
      this.#refuse({ uri: ErrorUri.NoMatchingAuthMethod, text });
      return;
    }
    this.#method = authenticator.method;
    const { authid, authextra } = this.hello.details;
    this.#take(() =>
      authenticator.start({
        realm: this.realm.name,
        session: this.#id,
        ...(typeof authid === 'string' ? { authid } : {}),
        authextra: (authextra ?? emptyDict) as Dict,
        transport: this.#peer.transport,
      }),
    );
  }

  /** @throws {ProtocolError} when nothing was asked (BP-PERR-02) */
  authenticate(message: Authenticate): void {
    const challenge = this.#challenge;
    if (challenge === null) throw new ProtocolError('AUTHENTICATE without CHALLENGE');
    this.#challenge = null;
    this.#take(() => challenge.answer(message.signature, message.extra));
  }

  /** Gives it up: what an authenticator still answers has no effect. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.realm.releaseId(this.#id);
  }

  #choose(): Authenticator | undefined {
    const offered = this.hello.details.authmethods as readonly string[] | undefined;
    // none named: the client has nothing to prove itself with
    const methods = offered === undefined || offered.length === 0 ? ['anonymous'] : offered;
    for (const method of methods) {
      const authenticator = this.realm.authenticators.get(method);
      if (authenticator !== undefined) return authenticator;
    }
    return undefined;
  }

  #take(next: () => AuthStep | Promise<AuthStep>): void {
    try {
      const step = next();
      if ('then' in step) this.#wait(step);
      else this.#apply(step);
    } catch (error) {
      this.#fail(error);
    }
  }

  /* What the client sends meanwhile waits behind its authentication. */
  #wait(pending: Promise<AuthStep>): void {
    this.#peer.pause();
    pending
      .then((step) => this.#apply(step))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#peer.resume());
  }

  #apply(step: AuthStep): void {
    if (this.#isOver) return; // the transport went, or time was up, meanwhile
    switch (step.type) {
      case 'challenge':
        this.#challenge = step;
        this.#peer.send(new Challenge(this.#method, step.extra));
        return;
      case 'accept':
        this.#accept(step);
        return;
      case 'deny':
        this.#refuse({ uri: step.reason, text: step.message ?? 'the authentication was denied' });
        return;
    }
  }

  #accept(step: AcceptStep): void {
    this.#isOver = true;
    const { authid, authrole, authprovider = 'static', authextra } = step;
    const identity = { authid, authrole, authmethod: this.#method, authprovider };
    this.#outcome.accepted({ id: this.#id, identity, ...(authextra === undefined ? {} : { authextra }) });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.realm.hooks.bug?.({ realm: this.realm.name, session: null, error });
    this.#refuse({ uri: ErrorUri.AuthenticationFailed, text: 'the authentication could not be carried out' });
  }

  #refuse(refusal: Refusal): void {
    this.cancel();
    this.#outcome.refused(refusal);
  }
}
