import {
  checkDict,
  type Dict,
  ErrorUri,
  emptyDict,
  isReservedUri,
  type MatchPolicy,
  MessageCode,
  type Register,
  Registered,
  type Unregister,
  Unregistered,
} from '@wampkit/protocol';
import { decidePattern } from '../authorization/decide.js';
import { denial } from '../authorization/denial.js';
import { freshId, type RealmContext } from '../realm/realm-context.js';
import {
  disclosureDisallowed,
  invalidUri,
  limitReached,
  quote,
  type Refusal,
  reservedUri,
} from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { UriMatcher } from '../uri/uri-matcher.js';
import { RegisterOptions } from './register-options.js';
import { Callee, Registration } from './registration.js';

/** What the dealer does when callees come and go. */
export interface RegistryOwner {
  /** A callee came or went: what waits may go on. */
  calleesChanged(registration: Registration<Session>): void;
  /** A registration took the place of another. */
  takenOver(former: Registration<Session>, registration: Registration<Session>): void;
}

/** The registrations of a realm. */
export class Registry {
  readonly #realm: RealmContext;
  readonly #owner: RegistryOwner;
  readonly #matcher = new UriMatcher<Registration<Session>>();
  readonly #byId = new Map<number, Registration<Session>>();
  readonly #held = new Map<Session, Map<number, Callee<Session>>>();

  constructor(realm: RealmContext, owner: RegistryOwner) {
    this.#realm = realm;
    this.#owner = owner;
  }

  /** The registration that serves a procedure (PREG-04), or `undefined`. */
  find(procedure: string): Registration<Session> | undefined {
    // no pattern of an ordinary session catches what the router alone may serve (BP-URI-05)
    if (isReservedUri(procedure)) return this.#matcher.get(procedure, 'exact');
    return this.#matcher.best(procedure);
  }

  /** The registration of that URI or pattern itself, or `undefined`. */
  lookup(procedure: string, match: MatchPolicy): Registration<Session> | undefined {
    return this.#matcher.get(procedure, match);
  }

  /** The registration with that id, or `undefined`. */
  get(id: number): Registration<Session> | undefined {
    return this.#byId.get(id);
  }

  /** Every registration. */
  all(): Iterable<Registration<Session>> {
    return this.#byId.values();
  }

  /** @throws {ProtocolError} for an option of a wrong type */
  register(session: Session, message: Register): void {
    if (message.options !== emptyDict) checkDict(MessageCode.Register, message.options);
    const options = new RegisterOptions(message.options);
    const known = this.#matcher.get(message.procedure, options.match);
    const refusal = this.#refusal(session, message.procedure, { options, known });
    if (refusal !== null) {
      session.refuse(message, refusal);
      return;
    }
    const former = options.forceReregister ? known : undefined;
    if (former !== undefined) this.#revokeAll(former);
    const registration =
      former === undefined && known !== undefined ? known : this.#create(message.procedure, options);
    // A11: a session that is a callee already gets the same id, and no second part in it
    if (this.#held.get(session)?.has(registration.id) !== true) this.#add(session, registration, options);
    if (former !== undefined) this.#owner.takenOver(former, registration);
    session.peer.send(new Registered(message.request, registration.id));
    this.#owner.calleesChanged(registration); // BP-ORD-03: no INVOCATION before REGISTERED
  }

  /** Calls that the callee already serves go on (A23). */
  unregister(session: Session, message: Unregister): void {
    const callee = this.#held.get(session)?.get(message.registration);
    if (callee === undefined) {
      // BP-RPC-02: nothing is told of registrations of others
      const text = `this session has no registration ${message.registration}`;
      session.refuse(message, { uri: ErrorUri.NoSuchRegistration, text });
      return;
    }
    this.#remove(callee);
    session.peer.send(new Unregistered(message.request));
    this.#owner.calleesChanged(callee.registration);
  }

  /**
   * Takes a registration from one of its callees (RREV-02); calls that it already serves go on (A23).
   *
   * @param reason what the callee is told, for people
   */
  revoke(callee: Callee<Session>, reason?: string): void {
    this.#takeAway(callee, reason);
    this.#owner.calleesChanged(callee.registration);
  }

  /**
   * Removes everything that a session holds.
   *
   * @returns the registrations that it was a callee of; what waits there is not passed on yet
   */
  leave(session: Session): readonly Registration<Session>[] {
    const held = this.#held.get(session);
    if (held === undefined) return none;
    const callees = [...held.values()];
    for (const callee of callees) this.#remove(callee);
    return callees.map(({ registration }) => registration);
  }

  #refusal(
    session: Session,
    uri: string,
    of: { readonly options: RegisterOptions; readonly known: Registration<Session> | undefined },
  ): Refusal | null {
    const { match, discloseCaller, invoke, forceReregister } = of.options;
    const fault = this.#realm.rules.patternFault(uri, match);
    if (fault !== '') return invalidUri(uri, fault);
    if (isReservedUri(uri) && !session.local) return reservedUri(uri);
    // AZ-04: before anything tells what exists
    const decision = decidePattern(session, 'register', { uri, match });
    if (!decision.allowed) return denial(this.#realm, session, { action: 'register', uri, decision });
    if (discloseCaller && !decision.discloseCaller) return disclosureDisallowed('caller', uri);
    const { known } = of;
    if (known !== undefined && !forceReregister) {
      if (known.invoke === 'single' || known.invoke !== invoke) return alreadyExists(known); // SHR-02
      if (this.#held.get(session)?.has(known.id)) return null;
    }
    const limit = this.#realm.limits.registrationsPerSession;
    if (limit === 0 || session.local || (this.#held.get(session)?.size ?? 0) < limit) return null;
    return limitReached(limit, 'registrations');
  }

  #create(procedure: string, options: RegisterOptions): Registration<Session> {
    const { match, invoke } = options;
    const created = this.#realm.clock.now();
    const id = freshId(this.#realm.ids, this.#byId);
    const registration = new Registration<Session>(id, procedure, { match, invoke, created });
    this.#byId.set(id, registration);
    this.#matcher.set(procedure, match, registration);
    return registration;
  }

  /* Events are told when nothing is half done: a transport may end while one is sent to it. */
  #add(session: Session, registration: Registration<Session>, options: RegisterOptions): void {
    const callee = new Callee(session, registration, options);
    registration.add(callee);
    const held = this.#held.get(session);
    if (held === undefined) this.#held.set(session, new Map([[registration.id, callee]]));
    else held.set(registration.id, callee);
    this.#realm.meta.registered(session, registration, registration.callees.length === 1);
  }

  #revokeAll(registration: Registration<Session>): void {
    for (const callee of [...registration.callees])
      this.#takeAway(callee, 'another session took the registration over');
  }

  #takeAway(callee: Callee<Session>, reason: string | undefined): void {
    const { session, registration } = callee;
    this.#remove(callee);
    if (session.takesRegistrationRevocation)
      session.peer.send(new Unregistered(0, revocation(registration.id, reason)));
  }

  #remove(callee: Callee<Session>): void {
    const { session, registration } = callee;
    const held = this.#held.get(session);
    if (held?.delete(registration.id) && held.size === 0) this.#held.delete(session);
    registration.remove(callee);
    const isLast = registration.callees.length === 0;
    if (isLast) {
      this.#byId.delete(registration.id);
      this.#matcher.delete(registration.procedure, registration.match);
    }
    this.#realm.meta.unregistered(session, registration, isLast);
  }
}

const none: readonly never[] = [];

function alreadyExists(known: Registration<Session>): Refusal {
  const how = known.invoke === 'single' ? '' : `, with the policy "${known.invoke}"`;
  const text = `${quote(known.procedure)} is registered already${how}`;
  return { uri: ErrorUri.ProcedureAlreadyExists, text }; // A11
}

function revocation(registration: number, reason: string | undefined): Dict {
  return reason === undefined ? { registration } : { registration, reason };
}
