import {
  Abort,
  type Clock,
  CloseUri,
  checkDict,
  type Dict,
  describeUriFault,
  ErrorUri,
  emptyDict,
  Goodbye,
  type Hello,
  isDict,
  type Message,
  MessageCode,
  messageName,
  type Peer,
  ProtocolError,
  type Timer,
  Welcome,
} from '@wampkit/protocol';
import { GOODBYE_TIMEOUT, LONGEST_QUOTED_URI, LONGEST_TIMER } from '../limits.js';
import { Realm } from '../realm/realm.js';
import type { RouterHooks } from '../router-events.js';
import { AuthorizationGate } from './authorization-gate.js';
import { type Grant, Handshake, type HandshakeHost } from './handshake.js';
import { dispatchMessage } from './message-dispatch.js';
import { invalidUri, quote, type Refusal } from './refusal.js';
import { Session } from './session.js';

/** What a connection needs of its router. */
export interface ConnectionHost extends HandshakeHost {
  readonly hooks: RouterHooks;
  readonly clock: Clock;
  /** WELCOME.Details.agent. */
  readonly agent: string;
  /** Whether nobody may join any more. */
  isClosing(): boolean;
  /** The realm of that name that may be joined here. */
  findRealm(name: string): Realm | undefined;
  /** The transport is gone. */
  closed(connection: Connection): void;
}

type State = 'greeting' | 'joining' | 'joined' | 'leaving' | 'ended';

/**
 * One transport and the sessions that live on it one after another (BP-TRN-04): the session state machine.
 *
 * `greeting` waits for HELLO, `joining` is between HELLO and WELCOME, `joined` has a session, `leaving` has sent the
 * router's GOODBYE and waits for the answer, `ended` takes nothing more.
 */
export class Connection {
  readonly #host: ConnectionHost;
  readonly #peer: Peer;
  readonly #handshakeTimeout: number;
  #state: State = 'greeting';
  #realm: Realm | null = null;
  #session: Session | null = null;
  #handshake: Handshake | null = null;
  /** For a session whose authorizer is asked before dispatch. */
  #gate: AuthorizationGate | null = null;
  #timer: Timer | null = null;
  /** Ends the session with what it proved itself with. */
  #expiry: Timer | null = null;
  #hadSession = false;
  /** Who the HELLO at hand claims to be. */
  #claimed: string | null = null;

  constructor(host: ConnectionHost, peer: Peer, handshakeTimeout: number) {
    this.#host = host;
    this.#peer = peer;
    this.#handshakeTimeout = handshakeTimeout;
    peer.onMessage = (message) => this.#receive(message);
    peer.onViolation = (error) => this.#fail(error);
    peer.onClose = (reason) => this.#transportClosed(reason.message);
    this.#awaitHello();
  }

  /** Ends a handshake from the router's side with ABORT (BP-SESS-08); a joined session goes on. */
  refuseHandshake(reason: string, message: string): void {
    if (this.#state !== 'greeting' && this.#state !== 'joining') return;
    // BP-SESS-06: after the GOODBYE of an earlier session not even ABORT, unless a new HELLO came
    if (this.#state === 'greeting' && this.#hadSession) this.#finish(message);
    else this.#abort(reason, message);
  }

  /** Ends the connection from the router's side: GOODBYE to a session, ABORT to a handshake (BP-SESS-08). */
  dismiss(reason: string, message: string): void {
    if (this.#state === 'joined') this.#sayGoodbye(reason, message);
    else this.refuseHandshake(reason, message);
  }

  /** Ends it at once, without another word. */
  close(message: string): void {
    this.#finish(message);
  }

  #receive(message: Message): void {
    try {
      // codes above GOODBYE are for broker and dealer
      if (this.#state === 'joined' && message.code > MessageCode.Goodbye) {
        if (this.#gate === null) dispatchMessage(this.#realm as Realm, this.#session as Session, message);
        else this.#gate.receive(message);
      } else this.#control(message);
    } catch (error) {
      this.#fail(error);
    }
  }

  #control(message: Message): void {
    if (this.#state === 'ended') return;
    if (message.code === MessageCode.Abort) {
      this.#aborted(message);
      return;
    }
    if (this.#state === 'leaving') {
      // BP-SESS-06: whoever said GOODBYE ignores everything but the answer
      if (message.code === MessageCode.Goodbye) this.#finish('left');
    } else if (this.#state === 'greeting' && message.code === MessageCode.Hello) this.#greet(message);
    else if (this.#state === 'joining' && message.code === MessageCode.Authenticate)
      this.#handshake?.authenticate(message);
    else if (this.#state === 'joined' && message.code === MessageCode.Goodbye) this.#answerGoodbye(message);
    else throw new ProtocolError(`${messageName(message.code)} does not fit ${situations[this.#state]}`); // BP-PERR-02, BP-PERR-05
  }

  #greet(hello: Hello): void {
    checkHello(hello);
    this.#claimed = claimedAuthid(hello);
    const realm = this.#realmOf(hello.realm);
    if (!(realm instanceof Realm)) {
      this.#refuseJoin(hello.realm, realm);
      return;
    }
    this.#state = 'joining';
    this.#realm = realm;
    const outcome = {
      accepted: (grant: Grant) => this.#accepted(hello, grant),
      refused: (refusal: Refusal, told: Refusal) => this.#refuseJoin(hello.realm, refusal, told),
    };
    this.#handshake = new Handshake(realm, hello, { peer: this.#peer, host: this.#host, outcome });
    this.#handshake.start();
  }

  #realmOf(name: string): Realm | Refusal {
    if (this.#host.isClosing()) return { uri: CloseUri.SystemShutdown, text: 'the router is shutting down' };
    const fault = describeUriFault(name);
    if (fault !== null) return invalidUri(name, fault); // A2
    const unknown = { uri: ErrorUri.NoSuchRealm, text: `no realm ${quote(name)} here` };
    return this.#host.findRealm(name) ?? unknown;
  }

  #accepted(hello: Hello, grant: Grant): void {
    try {
      this.#join(hello, grant);
    } catch (error) {
      this.#fail(error);
    }
  }

  #join(hello: Hello, grant: Grant): void {
    this.#handshake = null;
    const realm = this.#moveTo(grant);
    if (!(realm instanceof Realm)) {
      (this.#realm as Realm).releaseId(grant.id);
      this.#refuseJoin(hello.realm, realm);
      return;
    }
    this.#realm = realm;
    const session = realm.join({
      id: grant.id,
      peer: this.#peer,
      identity: grant.identity,
      roles: hello.details.roles as Dict,
      abort: (reason, message) => this.#abort(reason, message),
      goodbye: (reason, message) => this.#sayGoodbye(reason, message),
    });
    if (!(session instanceof Session)) {
      realm.releaseId(grant.id);
      this.#refuseJoin(realm.name, session);
      return;
    }
    this.#timer?.cancel();
    this.#state = 'joined';
    this.#hadSession = true;
    this.#session = session;
    if (session.authorization !== null)
      this.#gate = new AuthorizationGate(realm, session, (error) => this.#fail(error));
    this.#host.hooks.sessionJoined?.({ realm: realm.name, session: session.describe() });
    this.#peer.send(new Welcome(session.id, this.#welcomeDetails(realm, grant)));
    this.#remember(realm, grant);
    if (grant.expires !== undefined) this.#endAt(grant.expires);
  }

  /* DYN-01: who authenticates may be let into another realm. The id stays: a challenge may have told it (AUTH-06). */
  #moveTo({ realm: name, id }: Grant): Realm | Refusal {
    const from = this.#realm as Realm;
    if (name === from.name) return from;
    const realm = this.#host.findRealm(name);
    if (realm?.reserveThis(id) !== true)
      return { uri: ErrorUri.NoSuchRealm, text: `no realm ${quote(name)} here` };
    from.releaseId(id);
    return realm;
  }

  #remember(realm: Realm, { identity, expires = Number.POSITIVE_INFINITY }: Grant): void {
    const { transport } = this.#peer;
    for (const authenticator of realm.authenticators.values())
      this.#tell(() => authenticator.joined?.({ realm: realm.name, identity, transport, expires }));
  }

  /* A timer of the platform does not hold years. */
  #endAt(expires: number): void {
    const left = expires - this.#host.clock.now();
    if (left <= 0)
      this.#sayGoodbye(ErrorUri.AuthenticationRequired, 'what it proved itself with has expired');
    else this.#expiry = this.#host.clock.setTimer(Math.min(left, LONGEST_TIMER), () => this.#endAt(expires));
  }

  #welcomeDetails(realm: Realm, grant: Grant): Dict {
    return {
      realm: realm.name,
      ...grant.identity,
      ...(grant.authextra === undefined ? {} : { authextra: grant.authextra }),
      roles: realm.features,
      agent: this.#host.agent,
    };
  }

  #answerGoodbye(message: Goodbye): void {
    this.#peer.send(new Goodbye(emptyDict, CloseUri.GoodbyeAndOut));
    this.#endSession(message.reason, messageOf(message.details));
    if (this.#state === 'joined') this.#awaitHello(); // BP-TRN-04; a transport may end within `send`
  }

  #sayGoodbye(reason: string, message: string | null): void {
    if (this.#state !== 'joined') return;
    this.#state = 'leaving';
    this.#setTimer(GOODBYE_TIMEOUT, () => this.#finish('GOODBYE was not answered'));
    this.#peer.send(new Goodbye(message === null ? emptyDict : { message }, reason));
    this.#endSession(reason, message ?? '');
  }

  /* ABORT is never answered (BP-SESS-05). */
  #aborted(message: Abort): void {
    this.#endSession(message.reason, messageOf(message.details));
    this.#finish('aborted by the other end');
  }

  #refuseJoin(realm: string | null, refusal: Refusal, told = refusal): void {
    if (this.#state === 'ended') return;
    this.#peer.send(new Abort({ message: told.text }, told.uri));
    this.#finish(told.text);
    const { transport } = this.#peer;
    const info = { realm, authid: this.#claimed, reason: refusal.uri, message: refusal.text, transport };
    this.#tell(() => this.#host.hooks.joinRefused?.(info));
  }

  /* A ProtocolError is the peer's fault (BP-PERR), everything else is a bug; both end this connection alone. */
  #fail(error: unknown): void {
    const realm = this.#realm?.name ?? null;
    const session = this.#session?.id ?? null;
    if (!(error instanceof ProtocolError)) {
      this.#host.hooks.bug?.({ realm, session, error });
      this.#abort(ErrorUri.RuntimeError, 'the router failed: this is a bug of the router');
      return;
    }
    if (this.#state === 'ended') return;
    const { message } = error;
    const { transport } = this.#peer;
    this.#abort(ErrorUri.ProtocolViolation, message);
    this.#tell(() => this.#host.hooks.violation?.({ realm, session, message, transport }));
  }

  #abort(reason: string, message: string): void {
    if (this.#state === 'ended') return;
    if (this.#session === null && this.#state !== 'leaving') {
      this.#refuseJoin(this.#realm?.name ?? null, { uri: reason, text: message });
      return;
    }
    // nothing is sent after GOODBYE
    if (this.#state !== 'leaving') this.#peer.send(new Abort({ message }, reason));
    this.#endSession(reason, message);
    this.#finish(message);
  }

  #transportClosed(message: string): void {
    this.#endSession(null, message);
    this.#finish(message);
    this.#host.closed(this);
  }

  /* BP-SESS-07: once, whatever the way. */
  #endSession(reason: string | null, message: string): void {
    const session = this.#session;
    const realm = this.#realm;
    if (session === null || realm === null) return;
    this.#session = null;
    this.#gate?.close();
    this.#gate = null;
    this.#expiry?.cancel();
    this.#tell(() => realm.leave(session));
    const info = { realm: realm.name, session: session.describe(), reason, message };
    this.#tell(() => this.#host.hooks.sessionLeft?.(info));
  }

  #finish(message: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#timer?.cancel();
    this.#handshake?.cancel();
    this.#handshake = null;
    this.#endSession(null, message);
    this.#peer.close(message);
  }

  #awaitHello(): void {
    this.#state = 'greeting';
    this.#realm = null;
    this.#claimed = null;
    const ms = this.#handshakeTimeout;
    this.#setTimer(ms, () => this.refuseHandshake(ErrorUri.Timeout, `no session within ${ms} ms`)); // BP-SESS-09
  }

  #setTimer(ms: number, fn: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#host.clock.setTimer(ms, fn);
  }

  /* Runs what must not keep an end from being completed. */
  #tell(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#host.hooks.bug?.({ realm: this.#realm?.name ?? null, session: null, error });
    }
  }
}

const situations: Record<State, string> = {
  greeting: 'before HELLO',
  joining: 'between HELLO and WELCOME',
  joined: 'within a session',
  leaving: 'after GOODBYE',
  ended: 'after the end',
};

const clientRoles = ['publisher', 'subscriber', 'caller', 'callee'];

/* BP-SESS-01, A6. Codecs check the dict; a peer in memory has none. */
function checkHello(hello: Hello): void {
  checkDict(MessageCode.Hello, hello.details);
  const { roles } = hello.details;
  if (!isDict(roles) || !clientRoles.some((role) => isDict(roles[role])))
    throw new ProtocolError(`HELLO: Details.roles must hold one of ${clientRoles.join(', ')}`);
}

function messageOf(details: Dict): string {
  return typeof details.message === 'string' ? details.message : '';
}

function claimedAuthid({ details }: Hello): string | null {
  return typeof details.authid === 'string' ? details.authid.slice(0, LONGEST_QUOTED_URI) : null;
}
