import {
  checkDict,
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
import { decidePattern, denial } from '../authorization/authorization.js';
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
import { Registration } from './registration.js';

/** The registrations of a realm. */
export class Registry {
  readonly #realm: RealmContext;
  readonly #matcher = new UriMatcher<Registration>();
  readonly #byId = new Map<number, Registration>();
  readonly #held = new Map<Session, Map<number, Registration>>();

  constructor(realm: RealmContext) {
    this.#realm = realm;
  }

  /** The registration that serves a procedure (PREG-04), or `undefined`. */
  find(procedure: string): Registration | undefined {
    // no pattern of an ordinary session catches what the router alone may serve (BP-URI-05)
    if (isReservedUri(procedure)) return this.#matcher.get(procedure, 'exact');
    return this.#matcher.best(procedure);
  }

  /** @throws {ProtocolError} for an option of a wrong type */
  register(session: Session, message: Register): void {
    const { procedure, options } = message;
    if (options !== emptyDict) checkDict(MessageCode.Register, options);
    const match = (options.match ?? 'exact') as MatchPolicy;
    const refusal = this.#refusal(session, message, match);
    if (refusal !== null) {
      session.refuse(message, refusal);
      return;
    }
    const id = freshId(this.#realm.ids, this.#byId);
    const discloseCaller = options.disclose_caller === true;
    this.#add(new Registration(id, procedure, { match, callee: session, discloseCaller }));
    session.peer.send(new Registered(message.request, id));
  }

  /** Calls that the callee already serves go on (A23). */
  unregister(session: Session, message: Unregister): void {
    const held = this.#held.get(session);
    const registration = held?.get(message.registration);
    if (held === undefined || registration === undefined) {
      // BP-RPC-02: nothing is told of registrations of others
      const text = `this session has no registration ${message.registration}`;
      session.refuse(message, { uri: ErrorUri.NoSuchRegistration, text });
      return;
    }
    held.delete(registration.id);
    if (held.size === 0) this.#held.delete(session);
    this.#remove(registration);
    session.peer.send(new Unregistered(message.request));
  }

  /** Removes everything that a session holds. */
  leave(session: Session): void {
    const held = this.#held.get(session);
    if (held === undefined) return;
    this.#held.delete(session);
    for (const registration of held.values()) this.#remove(registration);
  }

  #refusal(session: Session, { procedure: uri, options }: Register, match: MatchPolicy): Refusal | null {
    const fault = this.#realm.rules.patternFault(uri, match);
    if (fault !== '') return invalidUri(uri, fault);
    if (isReservedUri(uri) && !session.local) return reservedUri(uri);
    // AZ-04: before anything tells what exists
    const { allowed, discloseCaller, rule } = decidePattern(session, 'register', { uri, match });
    if (!allowed) return denial(this.#realm, session, { action: 'register', uri, rule });
    if (options.disclose_caller === true && !discloseCaller) return disclosureDisallowed('caller', uri);
    if (options.invoke !== undefined && options.invoke !== 'single') return notShared(options.invoke);
    const limit = this.#realm.limits.registrationsPerSession;
    if (limit > 0 && (this.#held.get(session)?.size ?? 0) >= limit)
      return limitReached(limit, 'registrations');
    if (this.#matcher.get(uri, match) === undefined) return null;
    return { uri: ErrorUri.ProcedureAlreadyExists, text: `${quote(uri)} is registered already` };
  }

  #add(registration: Registration): void {
    const { id, procedure, match, callee } = registration;
    this.#byId.set(id, registration);
    this.#matcher.set(procedure, match, registration);
    const held = this.#held.get(callee);
    if (held === undefined) this.#held.set(callee, new Map([[id, registration]]));
    else held.set(id, registration);
  }

  #remove(registration: Registration): void {
    this.#byId.delete(registration.id);
    this.#matcher.delete(registration.procedure, registration.match);
  }
}

/* `shared_registration` is not announced. A callee that counts on it would, if the option were ignored, take every
   call or none: it is told instead. */
function notShared(invoke: unknown): Refusal {
  return {
    uri: ErrorUri.OptionNotAllowed,
    text: `invoke "${invoke}": this router has no shared registrations`,
  };
}
