import {
  type Dict,
  ErrorUri,
  isDict,
  isReservedUri,
  MessageCode,
  Payload,
  ProtocolError,
  Publish,
} from '@wampkit/protocol';
import type { Decision } from '../authorization/decision.js';
import { denial } from '../authorization/denial.js';
import { readPublishOptions } from '../broker/publish-options.js';
import { payloadSize, valueSize } from '../event-store/payload-size.js';
import { TESTAMENT_SIZE_PER_SESSION, TESTAMENTS_PER_SESSION } from '../limits.js';
import type { Realm } from '../realm/realm.js';
import { admitPassthru } from '../session/payload-passthru.js';
import { invalidUri, type Refusal, reservedUri } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type Testament, type TestamentScope, Testaments } from '../session/testaments.js';
import { type Answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

/** `wamp.session.add_testament` and `wamp.session.flush_testaments` (TEST-02). */
export function testamentProcedures(realm: Realm): Procedures {
  return {
    'wamp.session.add_testament': Object.assign((call: MetaCall) => add(realm, call), { inOrder: true }),
    'wamp.session.flush_testaments': flush,
  };
}

function add(
  realm: Realm,
  { args: [topic, args, argsKw], kwargs, caller }: MetaCall,
): Answer | Promise<Answer> {
  if (typeof topic !== 'string') return invalidArgument('topic must be a string');
  if (!Array.isArray(args)) return invalidArgument('args must be a list');
  if (!isDict(argsKw)) return invalidArgument('kwargs must be a dict');
  const fault = realm.rules.fault(topic);
  if (fault !== '') return invalidUri(topic, fault);
  if (isReservedUri(topic)) return reservedUri(topic);
  const options = readOptions(kwargs.publish_options ?? {}, caller);
  if ('refusal' in options) return options.refusal;
  const scope = readScope(kwargs.scope ?? 'destroyed');
  if (typeof scope !== 'string') return scope;
  if (caller === null) return noSession;
  const message = new Publish(1, options.publish, topic, Payload.of(args, argsKw));
  if (caller.authorization === null) return keep(caller, scope, { message, decision: null });
  const decision = caller.authorization.ask({ action: 'publish', uri: topic, match: 'exact' });
  const keepAs = (decided: Decision): Answer =>
    keepDecided(realm, caller, { scope, message, decision: decided });
  return decision instanceof Promise ? decision.then(keepAs) : keepAs(decision);
}

/* TEST-04: an authorizer is asked while there is a session to ask about; its answer holds for the testament. */
function keepDecided(
  realm: Realm,
  caller: Session,
  { scope, message, decision }: { scope: TestamentScope; message: Publish; decision: Decision },
): Answer {
  if (realm.sessions.get(caller.id) !== caller) return noSession; // AZ-04
  if (decision.allowed) return keep(caller, scope, { message, decision });
  return denial(realm, caller, { action: 'publish', uri: message.topic, decision });
}

function keep(caller: Session, scope: TestamentScope, testament: Omit<Testament, 'size'>): Answer {
  const { message } = testament;
  caller.testaments ??= new Testaments();
  const size = payloadSize(message.payload) + message.topic.length + valueSize(message.options);
  if (caller.testaments.add(scope, { ...testament, size })) return Payload.empty;
  const text = `a session may have ${TESTAMENTS_PER_SESSION} testaments of ${TESTAMENT_SIZE_PER_SESSION} bytes together`;
  return { uri: ErrorUri.Unavailable, text };
}

function flush({ kwargs, caller }: MetaCall): Answer {
  const scope = readScope(kwargs.scope ?? 'destroyed');
  if (typeof scope !== 'string') return scope;
  if (caller === null) return noSession;
  caller.testaments?.flush(scope);
  return Payload.empty;
}

const noSession: Refusal = { uri: ErrorUri.NoSuchSession, text: 'only a session that joined has testaments' };

function readScope(scope: unknown): TestamentScope | Refusal {
  return scope === 'detached' || scope === 'destroyed'
    ? scope
    : invalidArgument('scope must be detached or destroyed');
}

/* What PUBLISH would take; there is nobody left to acknowledge to (TEST-04). */
function readOptions(
  options: unknown,
  caller: Session | null,
): { readonly publish: Dict } | { readonly refusal: Refusal } {
  if (!isDict(options)) return { refusal: invalidArgument('publish_options must be a dict') };
  try {
    const publish: Dict = Object.freeze({ ...options, acknowledge: false });
    const { passthru } = readPublishOptions(publish);
    if (passthru !== null && caller !== null) admitPassthru(caller, 'passthruPublisher', MessageCode.Publish);
    return { publish };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { refusal: invalidArgument(`publish_options: ${error.message}`) };
  }
}
