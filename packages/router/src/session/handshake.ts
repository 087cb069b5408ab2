import {
  type Authenticate,
  Challenge,
  type Clock,
  type Dict,
  ErrorUri,
  emptyDict,
  type Hello,
  type Payload,
  type Peer,
  ProtocolError,
} from '@wampkit/protocol';
import { addressOf } from '../authentication/address-of.js';
import type {
  AcceptStep,
  AuthCall,
  Authenticator,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from '../authentication/authenticator.js';
import { denied, failed } from '../authentication/denials.js';
import { extraFault } from '../authentication/extra-bounds.js';
import type { FailureLimit } from '../authentication/failure-limit.js';
import {
  CHALLENGE_LIFETIME,
  CHALLENGES_PER_HANDSHAKE,
  LONGEST_AUTHID,
  LONGEST_COUNTED_AUTHID,
  LONGEST_QUOTED_URI,
  LONGEST_SIGNATURE,
  OFFERED_METHODS,
} from '../limits.js';
import type { Realm } from '../realm/realm.js';
import type { Refusal } from './refusal.js';
import type { Identity } from './session-details.js';

/** What handshakes need of their router. */
export interface HandshakeHost {
  readonly clock: Clock;
  readonly failures: FailureLimit;
  /** The methods that are offered on this peer's listener; `null`: all that the realm has. */
  readonly authmethods: readonly string[] | null;
  /** Calls a procedure in the name of the router. */
  callProcedure(call: AuthCall): Promise<Payload>;
}

/** How a handshake ends; called once, unless it was given up before. */
export interface HandshakeOutcome {
  accepted(grant: Grant): void;
  /** `told` is what the client may know of it. */
  refused(refusal: Refusal, told: Refusal): void;
}

/** What authentication granted. */
export interface Grant {
  /** The id that the session will have. */
  readonly id: number;
  /** The realm that it joins. */
  readonly realm: string;
  readonly identity: Identity;
  readonly authextra?: Dict;
  /** When the session has to end, milliseconds since the epoch. */
  readonly expires?: number;
}

/** What a handshake is between. */
export interface HandshakeParties {
  readonly peer: Peer;
  readonly host: HandshakeHost;
  readonly outcome: HandshakeOutcome;
}

/** The way from HELLO to WELCOME or ABORT: chooses a method and takes its steps (AUTH-01, AUTH-02). */
export class Handshake {
  readonly realm: Realm;
  readonly hello: Hello;
  readonly #peer: Peer;
  readonly #host: HandshakeHost;
  readonly #outcome: HandshakeOutcome;
  readonly #id: number;
  readonly #authid: string | null;
  readonly #failureLimit: number;
  #method = '';
  #challenge: ChallengeStep | null = null;
  #challengedAt = 0;
  #challenges = 0;
  #isOver = false;

  constructor(realm: Realm, hello: Hello, { peer, host, outcome }: HandshakeParties) {
    this.realm = realm;
    this.hello = hello;
    this.#peer = peer;
    this.#host = host;
    this.#outcome = outcome;
    this.#id = realm.reserveId();
    const { authid } = hello.details;
    // clients that always send one send it empty
    this.#authid = typeof authid === 'string' && authid !== '' ? authid : null;
    this.#failureLimit = realm.options.limits?.authFailuresPerMinute ?? 0;
  }

  start(): void {
    const request = this.#request();
    const refusal = this.#requestFault(request) ?? this.#lockedOut();
    if (refusal !== null) {
      this.#refuseBy(refusal);
      return;
    }
    const authenticator = this.#choose(request);
    if (authenticator === undefined) this.#refuseUnmatched();
    else {
      this.#method = authenticator.method;
      this.#take(() => authenticator.start(request));
    }
  }

  /** @throws {ProtocolError} when nothing was asked (BP-PERR-02) */
  authenticate(message: Authenticate): void {
    const challenge = this.#challenge;
    if (challenge === null) throw new ProtocolError('AUTHENTICATE without CHALLENGE');
    this.#challenge = null;
    const refusal = this.#answerFault(message) ?? this.#lockedOut();
    if (refusal !== null) this.#refuseBy(refusal);
    else this.#take(() => challenge.answer(message.signature, message.extra));
  }

  /** Gives it up: what an authenticator still answers has no effect. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.realm.releaseId(this.#id);
  }

  /* AUTH-01: the client's order decides. What it cannot do, for want of a cookie, say, is passed over while something
     else is left. */
  #choose(request: AuthRequest): Authenticator | undefined {
    const { authmethods } = this.#host;
    const common = this.#offered().flatMap((method) => {
      const isServed = authmethods === null || authmethods.includes(method);
      return (isServed ? this.realm.authenticators.get(method) : undefined) ?? [];
    });
    return common.find((one) => one.canStart?.(request) ?? true) ?? common[0];
  }

  #offered(): readonly string[] {
    const offered = this.hello.details.authmethods as readonly string[] | undefined;
    // none named: the client has nothing to prove itself with
    return offered === undefined || offered.length === 0 ? ['anonymous'] : offered.slice(0, OFFERED_METHODS);
  }

  /* AUTH-04: it did not authenticate at all, or not in a way that is known here. */
  #refuseUnmatched(): void {
    const { authmethods } = this.#host;
    const here = [...this.realm.authenticators.keys()].filter((one) => authmethods?.includes(one) ?? true);
    const asksNothing = this.#offered().every((method) => method === 'anonymous');
    if (asksNothing && here.length > 0) {
      const text = `realm "${this.realm.name}" lets nobody in without authentication`;
      this.#refuse({ uri: ErrorUri.AuthenticationRequired, text });
    } else {
      const text = `realm "${this.realm.name}" takes none of the authentication methods offered`;
      this.#refuse({ uri: ErrorUri.NoMatchingAuthMethod, text });
    }
  }

  #request(): AuthRequest {
    return {
      realm: this.realm.name,
      session: this.#id,
      ...(this.#authid === null ? {} : { authid: this.#authid }),
      authextra: (this.hello.details.authextra ?? emptyDict) as Dict,
      transport: this.#peer.transport,
      isWanted: () => !this.#isOver,
      call: (call) => this.#host.callProcedure(call),
    };
  }

  #requestFault({ authid = '', authextra }: AuthRequest): DenyStep | null {
    if (authid.length > LONGEST_AUTHID)
      return failed(`HELLO.Details.authid is longer than ${LONGEST_AUTHID}`);
    const fault = extraFault(authextra);
    return fault === null ? null : failed(`HELLO.Details.authextra ${fault}`);
  }

  #answerFault({ signature, extra }: Authenticate): DenyStep | null {
    if (this.#host.clock.monotonic() - this.#challengedAt > CHALLENGE_LIFETIME)
      return denied('the CHALLENGE was answered too late'); // CRA-05
    if (signature.length > LONGEST_SIGNATURE)
      return failed(`AUTHENTICATE.Signature is longer than ${LONGEST_SIGNATURE}`);
    const fault = extraFault(extra);
    return fault === null ? null : failed(`AUTHENTICATE.Extra ${fault}`);
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
        this.#ask(step);
        return;
      case 'accept':
        this.#accept(step);
        return;
      case 'deny':
        this.#deny(step);
        return;
    }
  }

  #ask(step: ChallengeStep): void {
    if (this.#challenges++ === CHALLENGES_PER_HANDSHAKE)
      throw new Error('more challenges than one handshake may have');
    this.#challenge = step;
    this.#challengedAt = this.#host.clock.monotonic();
    this.#peer.send(new Challenge(this.#method, step.extra));
  }

  #accept(step: AcceptStep): void {
    const { authid, authrole, authprovider = 'static', authextra, expires, realm = this.realm.name } = step;
    // others may have failed under the same keys while this one was looked at
    const refusal = this.#lockedOut() ?? expired(expires, this.#host.clock);
    if (refusal !== null) {
      this.#refuseBy(refusal);
      return;
    }
    // who was let in as somebody else has not proven to be that one
    if (authid === this.#authid) this.#host.failures.succeed(this.#authidKey(authid));
    this.#isOver = true;
    this.#outcome.accepted({
      id: this.#id,
      realm,
      identity: { authid, authrole, authmethod: this.#method, authprovider },
      ...(authextra === undefined ? {} : { authextra }),
      ...(expires === undefined ? {} : { expires }),
    });
  }

  #deny(step: DenyStep): void {
    if (this.#failureLimit > 0 && !noGuess.includes(step.reason))
      this.#tellLockOuts(this.#host.failures.fail(this.#failureKeys(), this.#failureLimit));
    this.#refuseBy(step);
  }

  #tellLockOuts(keys: readonly string[]): void {
    const authid = this.#authid?.slice(0, LONGEST_QUOTED_URI) ?? null;
    for (const key of keys) {
      const who = key.startsWith('authid ')
        ? { address: null, authid }
        : { address: addressOf(this.#peer.transport), authid: null };
      this.realm.hooks.lockedOut?.({ realm: this.realm.name, ...who });
    }
  }

  /* Without counting it: who is locked out for one key must not lock out others by another. */
  #refuseBy({ reason, message = 'the authentication was denied' }: DenyStep): void {
    this.#refuse({ uri: reason, text: message });
  }

  #lockedOut(): DenyStep | null {
    if (this.#failureLimit === 0 || !this.#host.failures.isLocked(this.#failureKeys())) return null;
    return denied('too many failed authentications; try again in a minute');
  }

  #failureKeys(): string[] {
    const address = addressOf(this.#peer.transport);
    return [
      ...(address === null ? [] : [`address ${address}`]),
      ...(this.#authid === null ? [] : [this.#authidKey(this.#authid)]),
    ];
  }

  #authidKey(authid: string): string {
    return `authid ${this.realm.name} ${countedName(authid)}`;
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.realm.hooks.bug?.({ realm: this.realm.name, session: null, error });
    this.#refuse({ uri: ErrorUri.AuthenticationFailed, text: 'the authentication could not be carried out' });
  }

  #refuse(refusal: Refusal): void {
    this.cancel();
    this.#outcome.refused(refusal, this.realm.options.hideUnknownUsers === true ? hidden(refusal) : refusal);
  }
}

/* What is technical, and who shows nothing. */
const noGuess: readonly string[] = [ErrorUri.AuthenticationFailed, ErrorUri.AuthenticationRequired];

/* What SASLprep maps to nothing: RFC 3454, table B.1. Names that it makes one count as one. */
const unseen = /[\u00ad\u1806\u200b\u2060\ufeff]|\u034f|[\u180b-\u180d]|\u200c|\u200d|[\ufe00-\ufe0f]/g;

function countedName(authid: string): string {
  return authid.replace(unseen, '').normalize('NFKC').slice(0, LONGEST_COUNTED_AUTHID);
}

function expired(expires: number | undefined, clock: Clock): DenyStep | null {
  return expires !== undefined && expires <= clock.now()
    ? denied('what it proves itself with has expired')
    : null;
}

/* Whether the name or the proof was wrong is for those who run the router. */
function hidden(refusal: Refusal): Refusal {
  const { NoSuchPrincipal, AuthenticationDenied } = ErrorUri;
  if (refusal.uri !== NoSuchPrincipal && refusal.uri !== AuthenticationDenied) return refusal;
  return { uri: AuthenticationDenied, text: 'the authentication was denied' };
}
