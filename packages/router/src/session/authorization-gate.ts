import {
  Call,
  isMatchPolicy,
  isReservedUri,
  type Message,
  MessageCode,
  type Payload,
  Publish,
} from '@wampkit/protocol';
import type { Question } from '../authorization/ask-authorizer.js';
import { type Decision, undecided } from '../authorization/decision.js';
import type { SessionAuthorization } from '../authorization/session-authorization.js';
import { AUTHORIZED_PAYLOADS } from '../limits.js';
import type { Realm } from '../realm/realm.js';
import { dispatchMessage } from './message-dispatch.js';
import type { Session } from './session.js';

/**
 * Stands before dispatch for a session whose role has an authorizer: broker and dealer never wait, so that what must be
 * decided by somebody else is decided here, in the order of the session's messages (BP-ORD-01, BP-ORD-02). A session
 * that waits is not read: its later messages stay behind the one that waits.
 */
export class AuthorizationGate {
  readonly #realm: Realm;
  readonly #session: Session;
  readonly #authorization: SessionAuthorization;
  readonly #fail: (error: unknown) => void;
  #isClosed = false;

  /** @param fail takes what dispatch throws when it does not happen within `receive` */
  constructor(realm: Realm, session: Session, fail: (error: unknown) => void) {
    this.#realm = realm;
    this.#session = session;
    this.#authorization = session.authorization as SessionAuthorization;
    this.#fail = fail;
  }

  /** @throws {ProtocolError} when the session broke the protocol: it must be ended (BP-PERR) */
  receive(message: Message): void {
    const question = this.#questionOf(message);
    if (question === null) {
      dispatchMessage(this.#realm, this.#session, message);
      return;
    }
    const decision = this.#authorization.ask(question);
    if (decision instanceof Promise) this.#wait(message, question, decision);
    else this.#dispatch(message, question, decision);
  }

  /** The session is gone: what waits is forgotten (AZ-04). */
  close(): void {
    this.#isClosed = true;
    this.#authorization.end();
  }

  #dispatch(message: Message, question: Question, decision: Decision): void {
    this.#authorization.during(question, decision, () =>
      dispatchMessage(this.#realm, this.#session, message),
    );
  }

  #wait(message: Message, question: Question, pending: Promise<Decision>): void {
    const size = sizeOf(message);
    const { questions } = this.#authorization;
    if (!questions.keep(size)) {
      this.#dispatch(message, question, tooLarge);
      return;
    }
    const kept = keep(message);
    this.#session.hold();
    pending
      .then((decision) => {
        if (!this.#isClosed) this.#dispatch(kept, question, decision); // AZ-04
      })
      .catch(this.#fail)
      .finally(() => {
        questions.release(size);
        this.#session.release();
      });
  }

  /* What is refused whatever its authorization is not asked about, nor is what belongs to a call that was. */
  #questionOf(message: Message): Question | null {
    const { rules } = this.#realm;
    switch (message.code) {
      case MessageCode.Publish: {
        const { topic } = message;
        if (isReservedUri(topic) || rules.fault(topic) !== '') return null;
        return { action: 'publish', uri: topic, match: 'exact' };
      }
      case MessageCode.Call: {
        const { procedure, request } = message;
        const { calls, endedCalls } = this.#session;
        if (calls.get(request) !== undefined || endedCalls?.has(request)) return null; // PCI-04, PCI-07
        return rules.fault(procedure) === '' ? { action: 'call', uri: procedure, match: 'exact' } : null;
      }
      case MessageCode.Subscribe:
        return this.#patternQuestion('subscribe', message.topic, message.options.match);
      case MessageCode.Register:
        if (isReservedUri(message.procedure)) return null;
        return this.#patternQuestion('register', message.procedure, message.options.match);
      default:
        return null;
    }
  }

  #patternQuestion(action: 'subscribe' | 'register', uri: string, match: unknown = 'exact'): Question | null {
    return isMatchPolicy(match) && this.#realm.rules.patternFault(uri, match) === ''
      ? { action, uri, match }
      : null;
  }
}

const tooLarge = undecided(`payloads of more than ${AUTHORIZED_PAYLOADS} bytes wait for an authorizer`);

function sizeOf(message: Message): number {
  if (!('payload' in message)) return 0;
  const { start, end } = message.payload as Payload;
  return end - start;
}

/* As it was when it came, for later: its payload is borrowed until dispatch returns. */
function keep(message: Message): Message {
  if (message.code === MessageCode.Call)
    return new Call(message.request, message.options, message.procedure, message.payload.retain());
  if (message.code === MessageCode.Publish)
    return new Publish(message.request, message.options, message.topic, message.payload.retain());
  return message;
}
