import {
  ErrorMessage,
  ErrorUri,
  emptyDict,
  type Invocation,
  type Message,
  MessageCode,
  Payload,
  Register,
  Yield,
} from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { type LocalSession, openLocalSession } from '../session/local-session.js';
import type { Session } from '../session/session.js';
import { authorizationProcedures } from './authorization-procedures.js';
import { cookieProcedures } from './cookie-procedures.js';
import { historyProcedures } from './history-procedures.js';
import type { Answer, Procedure, Procedures } from './procedure.js';
import { reflectionProcedures } from './reflection-procedures.js';
import { registrationProcedures } from './registration-procedures.js';
import { killProcedures, sessionProcedures } from './session-procedures.js';
import { subscriptionProcedures } from './subscription-procedures.js';
import { testamentProcedures } from './testament-procedures.js';

/**
 * Serves the meta API in a realm, as an ordinary callee and publisher on a session of the router: calls of its
 * procedures are subject to permissions as any other.
 *
 * @returns that session; closing it takes the procedures away
 */
export function serveSessionMetaApi(realm: Realm): LocalSession {
  const procedures: Procedures = {
    ...sessionProcedures(realm),
    ...testamentProcedures(realm),
    ...subscriptionProcedures(realm),
    ...historyProcedures(realm),
    ...registrationProcedures(realm),
    ...cookieProcedures(realm),
    ...reflectionProcedures(realm),
    ...authorizationProcedures(realm),
    ...(realm.options.sessionKill === false ? {} : killProcedures(realm)),
  };
  return new SessionMetaApi(realm, procedures).local;
}

const discloseCaller = Object.freeze({ disclose_caller: true });

class SessionMetaApi {
  readonly local: LocalSession;
  readonly #realm: Realm;
  readonly #procedures: readonly Procedure[];
  readonly #byRegistration = new Map<number, Procedure>();

  constructor(realm: Realm, procedures: Procedures) {
    this.#realm = realm;
    this.#procedures = Object.values(procedures);
    this.local = openLocalSession(realm, {
      authid: 'wamp.session',
      receive: (message) => this.#receive(message),
    });
    for (const [index, name] of Object.keys(procedures).entries())
      this.local.send(new Register(index + 1, discloseCaller, name));
    realm.meta.publisher = (event) => realm.broker.announce(this.local.session, event);
  }

  #receive(message: Message): void {
    if (message.code === MessageCode.Registered)
      this.#byRegistration.set(message.registration, this.#procedures[message.request - 1] as Procedure);
    else if (message.code === MessageCode.Invocation) this.#invoke(message);
  }

  #invoke({ request, registration, details, payload }: Invocation): void {
    const caller = this.#realm.sessions.get(details.caller as number) ?? null;
    const procedure = this.#byRegistration.get(registration) as Procedure;
    // values may lie in what is borrowed, and a procedure may keep them
    const kept = payload.retain();
    const given = this.#attempt(() => procedure({ args: kept.args(), kwargs: kept.kwargs(), caller }));
    if (given instanceof Promise) this.#answerLater(request, given, procedure.inOrder ? caller : null);
    else this.#answer(request, given);
  }

  async #answerLater(request: number, given: Promise<Answer>, held: Session | null): Promise<void> {
    held?.hold();
    const late = await given.catch((error: unknown) => this.#failed(error));
    this.#answer(request, late);
    held?.release();
  }

  #attempt(run: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
    try {
      return run();
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): Answer {
    this.#realm.hooks.bug?.({ realm: this.#realm.name, session: null, error });
    return { uri: ErrorUri.RuntimeError, text: 'the procedure failed' };
  }

  #answer(request: number, given: Answer): void {
    if (given instanceof Payload) this.local.send(new Yield(request, emptyDict, given));
    else {
      const text = Payload.of([given.text]);
      this.local.send(new ErrorMessage(MessageCode.Invocation, request, emptyDict, given.uri, text));
    }
  }
}
