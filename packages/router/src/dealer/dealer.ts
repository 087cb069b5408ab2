import {
  type Call,
  type Cancel,
  checkDict,
  type Dict,
  ErrorMessage,
  ErrorUri,
  emptyDict,
  Interrupt,
  Invocation,
  MessageCode,
  type Payload,
  ProtocolError,
  Result,
  SequentialIds,
  type WampError,
  type Yield,
} from '@wampkit/protocol';
import { denial } from '../authorization/authorization.js';
import type { RealmContext } from '../realm/realm-context.js';
import { refusePassthru } from '../session/payload-passthru.js';
import { disclosureDisallowed, invalidUri, limitReached, quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type CallOptions, readCallOptions } from './call-options.js';
import { PendingCall } from './pending-calls.js';
import type { Registration } from './registration.js';
import { Registry } from './registry.js';

type Pending = PendingCall<Session>;

const progress: Dict = Object.freeze({ progress: true });
const receiveProgress: Dict = Object.freeze({ receive_progress: true });
// CAN-08: `reason` is de facto
const kill: Dict = Object.freeze({ mode: 'kill', reason: ErrorUri.Canceled });
const killNoWait: Dict = Object.freeze({ mode: 'killnowait', reason: ErrorUri.Canceled });

/** The calls of a realm. Synchronous: a method is the lock. */
export class Dealer {
  readonly registry: Registry;
  readonly #realm: RealmContext;
  #open = 0;
  #draining = false;
  #onIdle: (() => void) | null = null;

  constructor(realm: RealmContext) {
    this.#realm = realm;
    this.registry = new Registry(realm);
  }

  /** @throws {ProtocolError} for an option of a wrong type, payload passthru, or a progressive invocation */
  call(caller: Session, message: Call): void {
    const options = readCallOptions(message.options);
    const refusal = this.#callRefusal(caller, message.procedure, options);
    if (refusal !== null) {
      caller.refuse(message, refusal);
      return;
    }
    const registration = this.registry.find(message.procedure);
    if (registration === undefined) {
      const text = `nobody serves ${quote(message.procedure)}`;
      caller.refuse(message, { uri: ErrorUri.NoSuchProcedure, text });
      return;
    }
    this.#invoke(registration, caller, message);
  }

  /** @throws {ProtocolError} for a mode that does not exist (CAN-06) */
  cancel(caller: Session, message: Cancel): void {
    if (message.options !== emptyDict) checkDict(MessageCode.Cancel, message.options);
    const call = caller.calls.get(message.request);
    // CAN-07: finished, foreign or canceled before; a race, no fault
    if (call === undefined || call.killed) return;
    const { callee } = call;
    const mode = callee.cancelable ? (message.options.mode ?? 'killnowait') : 'skip'; // CAN-05, A9
    if (mode === 'kill') call.killed = true;
    else this.#fail(call, { uri: ErrorUri.Canceled, text: 'the call was canceled by its caller' });
    if (mode !== 'skip')
      callee.peer.send(new Interrupt(call.invocation, mode === 'kill' ? kill : killNoWait));
  }

  /** @throws {ProtocolError} for an invocation that this session never got, or payload passthru */
  yield(callee: Session, message: Yield): void {
    const { options } = message;
    if (options !== emptyDict) {
      checkDict(MessageCode.Yield, options);
      refusePassthru(MessageCode.Yield, options);
    }
    const isProgress = options.progress === true;
    const call = callee.invocations.get(message.request);
    if (call === undefined) this.#late(callee, message.request, isProgress);
    else if (!isProgress) this.#finish(call, message.payload);
    else if (call.progressive) this.#progress(call, message.payload);
    // A8: else a caller that did not ask for progressive results gets none; the call stays open
  }

  /** @throws {ProtocolError} for an invocation that this session never got, a malformed Error, or payload passthru */
  error(callee: Session, message: ErrorMessage): void {
    if (message.requestType !== MessageCode.Invocation)
      throw new ProtocolError(`ERROR: a client sends none for request type ${message.requestType}`); // BP-PERR-03
    if (message.details !== emptyDict) refusePassthru(MessageCode.Error, message.details);
    const fault = this.#realm.rules.fault(message.error);
    if (fault !== '') throw new ProtocolError(`ERROR: Error ${quote(message.error)} is no URI: ${fault}`); // BP-URI-02
    const call = callee.invocations.get(message.request);
    if (call === undefined) {
      this.#late(callee, message.request, false);
      return;
    }
    this.#close(call);
    this.#sendError(call, message.error, message.payload);
  }

  /** Ends what a session has to do with calls: the ones it made, and the ones it serves. */
  leave(session: Session): void {
    this.registry.leave(session);
    for (const call of session.calls.list()) this.#callerGone(call);
    for (const call of session.invocations.list())
      this.#fail(call, { uri: ErrorUri.Canceled, text: 'the callee is gone' }); // BP-RPC-06
  }

  /** From now on refuses new calls, but for those that a callee makes while it serves one; resolves when no call is open. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #callRefusal(caller: Session, procedure: string, options: CallOptions): Refusal | null {
    const fault = this.#realm.rules.fault(procedure);
    if (fault !== '') return invalidUri(procedure, fault);
    // AZ-04: before anything tells what exists
    const { allowed, discloseCaller, rule } = caller.permissions.decide('call', procedure);
    if (!allowed) return denial(this.#realm, caller, { action: 'call', uri: procedure, rule });
    if (options.discloseMe && !discloseCaller) return disclosureDisallowed('caller', procedure);
    const limit = this.#realm.limits.pendingCallsPerSession;
    if (limit > 0 && caller.calls.size >= limit) return limitReached(limit, 'pending calls');
    if (this.#draining && caller.invocations.size === 0)
      return { uri: ErrorUri.Unavailable, text: 'the router is shutting down' };
    return null;
  }

  #invoke(registration: Registration, caller: Session, message: Call): void {
    const { callee } = registration;
    const options = readCallOptions(message.options);
    const progressive = options.receiveProgress && callee.progressive; // PCR-03
    const disclose = options.discloseMe || registration.discloseCaller;
    const details =
      disclose || registration.match !== 'exact'
        ? invocationDetails(registration, message, { caller: disclose ? caller : null, progressive })
        : progressive
          ? receiveProgress
          : emptyDict;
    const invocation = callee.invocationIds.next();
    // open before it is sent: a transport may end within `send`
    const call = this.#start(new PendingCall(caller, message.request, callee, invocation, progressive));
    const refused = callee.peer.send(new Invocation(invocation, registration.id, details, message.payload));
    if (refused === null) return;
    // the callee never saw this id: the next INVOCATION takes it (BP-ID-05)
    callee.invocationIds = new SequentialIds(invocation - 1);
    this.#fail(call, unsendable(refused)); // BP-RPC-09
  }

  #progress(call: Pending, payload: Payload): void {
    const refused = call.caller.peer.send(new Result(call.request, progress, payload));
    if (refused === null) return;
    this.#fail(call, unsendable(refused)); // BP-RPC-09
    call.callee.peer.send(new Interrupt(call.invocation, killNoWait));
  }

  #finish(call: Pending, payload: Payload): void {
    this.#close(call);
    const refused = call.caller.peer.send(new Result(call.request, emptyDict, payload));
    if (refused !== null) this.#sendRefusal(call, unsendable(refused)); // BP-RPC-09
  }

  /* A4: what was asked once may be answered late; what was never asked may not be answered. */
  #late(callee: Session, invocation: number, isProgress: boolean): void {
    if (invocation > callee.invocationIds.last)
      throw new ProtocolError(`this session got no INVOCATION ${invocation}`);
    if (isProgress && callee.cancelable) callee.peer.send(new Interrupt(invocation, killNoWait));
  }

  #callerGone(call: Pending): void {
    if (call.closed) return;
    this.#close(call);
    const { callee } = call;
    // BP-RPC-05, also during a kill (A27)
    if (callee !== call.caller && callee.cancelable)
      callee.peer.send(new Interrupt(call.invocation, killNoWait));
  }

  #fail(call: Pending, refusal: Refusal): void {
    if (call.closed) return;
    this.#close(call);
    this.#sendRefusal(call, refusal);
  }

  #sendRefusal(call: Pending, refusal: Refusal): void {
    call.caller.refuse({ code: MessageCode.Call, request: call.request }, refusal);
  }

  #sendError(call: Pending, error: string, payload: Payload): void {
    const refused = call.caller.peer.send(
      new ErrorMessage(MessageCode.Call, call.request, emptyDict, error, payload),
    );
    if (refused !== null) this.#sendRefusal(call, unsendable(refused));
  }

  #start(call: Pending): Pending {
    call.caller.calls.add(call.request, call);
    call.callee.invocations.add(call.invocation, call);
    this.#open++;
    return call;
  }

  #close(call: Pending): void {
    call.closed = true;
    call.caller.calls.delete(call.request);
    call.callee.invocations.delete(call.invocation);
    this.#open--;
    if (this.#open === 0 && this.#onIdle !== null) this.#onIdle();
  }
}

function invocationDetails(
  registration: Registration,
  message: Call,
  about: { readonly caller: Session | null; readonly progressive: boolean },
): Dict {
  const details: Record<string, unknown> = {};
  if (about.progressive) details.receive_progress = true;
  if (registration.match !== 'exact') details.procedure = message.procedure; // PREG-06
  if (about.caller !== null) {
    const { id, identity } = about.caller;
    details.caller = id; // CID-02
    details.caller_authid = identity.authid;
    details.caller_authrole = identity.authrole;
  }
  return details;
}

/* BP-RPC-09 and values that have no form in the other end's serializer. */
function unsendable(refused: WampError): Refusal {
  return { uri: refused.uri ?? ErrorUri.InvalidArgument, text: refused.message };
}
