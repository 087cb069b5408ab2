import {
  type Call,
  type Cancel,
  checkDict,
  type Dict,
  type ErrorMessage,
  ErrorUri,
  emptyDict,
  Interrupt,
  Invocation,
  MessageCode,
  type Payload,
  ProtocolError,
  Result,
  SequentialIds,
  type Yield,
} from '@wampkit/protocol';
import type { RealmContext } from '../realm/realm-context.js';
import { admitPassthru, passthruOf } from '../session/payload-passthru.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import {
  answerError,
  answerRefusal,
  answerResult,
  calleeLacksPassthru,
  calleesGone,
  callerLacksPassthru,
  noneAvailable,
  tooManyWaiting,
  unsendable,
} from './call-answers.js';
import { type CallOptions, readCallOptions } from './call-options.js';
import { callPayloadRefusal, callRefusal } from './call-refusal.js';
import { CallTimeouts } from './call-timeouts.js';
import { interrupt, kill, killNoWait, timedOut } from './interrupt.js';
import { chunkDetails, invocationDetails, plainDetails, tellsMore } from './invocation-details.js';
import { KeptCall, keepForRerouting, releaseKept } from './kept-call.js';
import { PendingCall } from './pending-calls.js';
import type { Callee, Registration } from './registration.js';
import { Registry } from './registry.js';
import { unableCallees } from './unable-callees.js';
import { WaitingCalls } from './waiting-calls.js';
import { readYieldOptions, type YieldOptions } from './yield-options.js';

type Pending = PendingCall<Session>;

/** The calls of a realm. Synchronous: a method is the lock. */
export class Dealer {
  readonly registry: Registry;
  readonly #realm: RealmContext;
  readonly #timeouts: CallTimeouts<Pending>;
  readonly #waiting = new WaitingCalls<Session>();
  #open = 0;
  #draining = false;
  #onIdle: (() => void) | null = null;

  constructor(realm: RealmContext) {
    this.#realm = realm;
    this.#timeouts = new CallTimeouts(realm.clock, realm.timeouts, (call) => this.#expire(call));
    this.registry = new Registry(realm, {
      calleesChanged: (registration) => this.#serveWaiting(registration),
      takenOver: (former, registration) => this.#waiting.move(former, registration),
    });
  }

  /**
   * A new call, or another chunk of one that is open (PCI-04).
   *
   * @throws {ProtocolError} for an option of a wrong type, payload passthru or a progressive invocation of a caller
   *   that did not announce it (PPT-03, PCI-02), or a request id that is in use or not the next one (PCI-10)
   */
  call(caller: Session, message: Call): void {
    const { request } = message;
    const options = readCallOptions(message.options);
    if (options.progress && !caller.callsProgressively)
      throw new ProtocolError('CALL: the caller did not announce progressive_call_invocations'); // PCI-02
    if (options.passthru !== null) admitPassthru(caller, 'passthruCaller', MessageCode.Call);
    const open = caller.calls.get(request);
    if (open !== undefined) {
      this.#continue(open, message, options);
      return;
    }
    if (caller.endedCalls?.takes(request, !options.progress)) return; // PCI-07
    caller.admitRequestId(request);
    const refusal = this.#callRefusal(caller, message);
    if (refusal !== null) {
      this.#refuse(caller, message, refusal);
      return;
    }
    const registration = this.registry.find(message.procedure);
    if (registration === undefined) {
      const text = `nobody serves ${quote(message.procedure)}`;
      this.#refuse(caller, message, { uri: ErrorUri.NoSuchProcedure, text });
      return;
    }
    this.#start(registration, caller, message);
  }

  /** @throws {ProtocolError} for a mode that does not exist (CAN-06) */
  cancel(caller: Session, message: Cancel): void {
    if (message.options !== emptyDict) checkDict(MessageCode.Cancel, message.options);
    const call = caller.calls.get(message.request);
    // CAN-07: finished, foreign or canceled before; a race, no fault
    if (call === undefined || call.killed) return;
    if (message.options.mode === 'kill' && call.callee?.session.cancelable) {
      call.killed = true;
      interrupt(call, kill);
    } else {
      const refusal = { uri: ErrorUri.Canceled, text: 'the call was canceled by its caller' };
      // A9: without a mode, killnowait
      if (message.options.mode === 'skip') this.#fail(call, refusal);
      else this.#stop(call, refusal, killNoWait);
    }
  }

  /** @throws {ProtocolError} for an invocation that this session never got, or payload passthru that was not announced */
  yield(callee: Session, message: Yield): void {
    const options = readYieldOptions(message.options);
    if (options.isPassthru) admitPassthru(callee, 'passthruCallee', MessageCode.Yield);
    const call = callee.invocations.get(message.request);
    if (call === undefined) this.#late(callee, message.request, options.progress);
    // A8: a caller that did not ask for progressive results gets none; the call stays open
    else if (options.progress && !call.progressive) return;
    else if (options.isPassthru && !call.caller.passthruCaller) this.#failUntaken(call, options);
    else if (options.progress) this.#progress(call, options.details, message.payload);
    else this.#finish(call, options.details, message.payload);
  }

  /** @throws {ProtocolError} for an invocation that this session never got, a malformed Error, or payload passthru that was not announced */
  error(callee: Session, message: ErrorMessage): void {
    if (message.requestType !== MessageCode.Invocation)
      throw new ProtocolError(`ERROR: a client sends none for request type ${message.requestType}`); // BP-PERR-03
    const passthru = message.details === emptyDict ? null : passthruOf(message.details);
    if (passthru !== null) admitPassthru(callee, 'passthruCallee', MessageCode.Error);
    const fault = this.#realm.rules.fault(message.error);
    if (fault !== '') throw new ProtocolError(`ERROR: Error ${quote(message.error)} is no URI: ${fault}`); // BP-URI-02
    const call = callee.invocations.get(message.request);
    if (call === undefined) {
      this.#late(callee, message.request, false);
      return;
    }
    if (message.error === ErrorUri.Unavailable && callee.reroutes) this.#reroute(call);
    else if (passthru !== null && !call.caller.passthruCaller) this.#fail(call, callerLacksPassthru);
    else {
      this.#close(call);
      answerError(call, passthru ?? emptyDict, message);
      this.#free(call);
    }
  }

  /** Ends what a session has to do with calls: the ones it made, and the ones it serves. */
  leave(session: Session): void {
    const left = this.registry.leave(session);
    const made = session.calls.list();
    // what waits goes first: no callee that gets free may still be given it
    for (const call of made) if (call.callee === null) this.#callerGone(call);
    for (const call of made) this.#callerGone(call);
    for (const call of session.invocations.list())
      this.#fail(call, { uri: ErrorUri.Canceled, text: 'the callee is gone' }); // BP-RPC-06
    for (const registration of left) this.#serveWaiting(registration);
  }

  /** From now on refuses new calls, but for those that a callee makes while it serves one; resolves when no call is open. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Leaves no timer behind; for when its sessions are gone. */
  close(): void {
    this.#timeouts.stop();
  }

  #callRefusal(caller: Session, message: Call): Refusal | null {
    const refusal = callRefusal(this.#realm, caller, message);
    // a callee that serves a call may need others to end it, and whoever needs an answer of an authorizer too
    if (refusal !== null || !this.#draining || caller.invocations.size > 0 || caller.local) return refusal;
    return { uri: ErrorUri.Unavailable, text: 'the router is shutting down' };
  }

  #refuse(caller: Session, message: Call, refusal: Refusal): void {
    // PCI-07: more chunks of it are under way
    if (readCallOptions(message.options).progress) caller.noteEndedCall(message.request);
    caller.refuse(message, refusal);
  }

  #start(registration: Registration<Session>, caller: Session, message: Call): void {
    const call = new PendingCall(caller, message.request, registration);
    const { progress, passthru } = readCallOptions(message.options);
    if (progress) call.stream = message.procedure;
    call.passthru = passthru;
    caller.calls.add(call.request, call);
    this.#open++;
    const unable = unableCallees(registration, passthru);
    const callee = this.#waiting.has(registration) ? null : registration.pick(unable);
    if (callee !== null) this.#invoke(call, callee, message);
    else if (unable !== null && !registration.hasOtherThan(unable)) this.#fail(call, calleeLacksPassthru);
    else {
      this.#wait(call, message, unable);
      this.#serveWaiting(registration); // what waits before it may be for callees that are busy alone
    }
  }

  #invoke(call: Pending, callee: Callee<Session>, message: Call): void {
    const { session } = callee;
    const options = readCallOptions(message.options);
    if (options.progress && !session.progressiveInvocations) {
      const text = 'the callee takes no progressive invocations';
      this.#fail(call, { uri: ErrorUri.FeatureNotSupported, text }); // PCI-03
      return;
    }
    if (call.passthru !== null && !session.passthruCallee) {
      this.#fail(call, calleeLacksPassthru); // PPT-04
      return;
    }
    call.progressive = options.receiveProgress && session.progressive; // PCR-03
    const limit = this.#timeouts.limit(options.timeout);
    const timeout = limit > 0 ? this.#timeouts.assign(call, callee, limit) : 0;
    const details =
      timeout > 0 || tellsMore(call, callee, options)
        ? invocationDetails(call, callee, { message, options, timeout })
        : plainDetails(call);
    if (session.reroutes) keepForRerouting(call, message);
    else releaseKept(call);
    const invocation = session.invocationIds.next();
    // open before it is sent: a transport may end within `send`
    call.callee = callee;
    call.invocation = invocation;
    session.invocations.add(invocation, call);
    if (callee.concurrency > 0) callee.active++;
    const refused = session.peer.send(
      new Invocation(invocation, call.registration.id, details, message.payload),
    );
    if (refused === null) return;
    // the callee never saw this id: the next INVOCATION takes it (BP-ID-05)
    session.invocationIds = new SequentialIds(invocation - 1);
    this.#fail(call, unsendable(refused)); // BP-RPC-09
  }

  /* PCI-09: what the first chunk asked for holds; of later ones only `progress` counts. */
  #continue(call: Pending, message: Call, options: CallOptions): void {
    if (call.stream === null)
      throw new ProtocolError(`request id ${call.request} is in use by a call that is not answered yet`);
    if (call.stream !== message.procedure)
      throw new ProtocolError(`CALL ${call.request} goes on with another procedure than it began with`); // PCI-10
    if (!options.progress) call.stream = null;
    const refusal = callPayloadRefusal(this.#realm, call.caller, message);
    if (refusal !== null) {
      this.#stop(call, refusal, killNoWait);
      return;
    }
    const { callee } = call;
    if (callee === null) {
      if (!call.kept?.keep(message, call.registration)) this.#fail(call, tooManyWaiting);
    } else if (!call.killed) {
      releaseKept(call); // a callee that saw all chunks cannot be replaced
      this.#sendChunk(call, callee, message);
    }
  }

  #sendChunk(call: Pending, callee: Callee<Session>, message: Call): void {
    const details = chunkDetails(call, readCallOptions(message.options));
    const chunk = new Invocation(call.invocation, call.registration.id, details, message.payload);
    const refused = callee.session.peer.send(chunk);
    if (refused !== null) this.#stop(call, unsendable(refused), killNoWait); // BP-RPC-09
  }

  #wait(call: Pending, message: Call, unable: Set<Callee<Session>> | null): void {
    const limit = this.#timeouts.limit(readCallOptions(message.options).timeout);
    if (limit > 0) this.#timeouts.start(call, limit);
    call.kept = new KeptCall();
    call.kept.tried = unable;
    if (!call.kept.keep(message, call.registration) || !this.#waiting.add(call))
      this.#fail(call, tooManyWaiting);
  }

  /* Passes on what waits, as far as callees are free. */
  #serveWaiting(registration: Registration<Session>): void {
    if (!this.#waiting.has(registration)) return;
    for (const call of this.#waiting.of(registration)) {
      if (this.#timeouts.isUp(call)) {
        this.#expire(call); // its turn on the wheel is to come, within this millisecond
        continue;
      }
      const { tried, messages } = call.kept as KeptCall<Session>;
      const callee = registration.pick(tried);
      if (callee !== null) {
        this.#waiting.delete(call);
        this.#invokeKept(call, callee, [...messages]);
      } else if (registration.callees.length === 0) this.#fail(call, calleesGone);
      else if (tried === null) return;
      else if (!registration.hasOtherThan(tried)) this.#fail(call, noneAvailable);
    }
  }

  #invokeKept(call: Pending, callee: Callee<Session>, [first, ...chunks]: readonly Call[]): void {
    this.#invoke(call, callee, first as Call);
    for (const chunk of chunks) {
      if (call.closed) return;
      releaseKept(call);
      this.#sendChunk(call, callee, chunk);
    }
  }

  /* RER-02: as if the callee that cannot did not exist. RER-03: the caller never sees `unavailable`. */
  #reroute(call: Pending): void {
    const { kept, registration } = call;
    const callee = call.callee as Callee<Session>;
    if (call.killed || kept === null) {
      this.#fail(
        call,
        call.killed ? { uri: ErrorUri.Canceled, text: 'the call was canceled' } : noneAvailable,
      );
      return;
    }
    kept.tried ??= unableCallees(registration, call.passthru) ?? new Set();
    kept.tried.add(callee);
    this.#detach(call, callee);
    const next = registration.pick(kept.tried);
    if (next !== null) this.#invoke(call, next, kept.messages[0] as Call);
    else if (!registration.hasOtherThan(kept.tried)) this.#fail(call, noneAvailable);
    else if (!this.#waiting.add(call)) this.#fail(call, tooManyWaiting);
    if (callee.concurrency > 0) this.#serveWaiting(registration);
  }

  #progress(call: Pending, details: Dict, payload: Payload): void {
    if (call.timeout !== null) this.#timeouts.restart(call.timeout); // PCR-07
    releaseKept(call); // a callee that has begun to answer cannot be replaced
    const refused = call.caller.peer.send(new Result(call.request, details, payload));
    if (refused !== null) this.#stop(call, unsendable(refused), killNoWait); // BP-RPC-09
  }

  #finish(call: Pending, details: Dict, payload: Payload): void {
    this.#close(call);
    answerResult(call, details, payload);
    this.#free(call);
  }

  /* A18: the callee hears of it when it would go on. */
  #failUntaken(call: Pending, { progress }: YieldOptions): void {
    if (progress) this.#stop(call, callerLacksPassthru, killNoWait);
    else this.#fail(call, callerLacksPassthru);
  }

  #expire(call: Pending): void {
    const { timeout } = call;
    if (timeout === null) return;
    const text = `no answer within ${timeout.ms} ms`;
    this.#stop(call, { uri: ErrorUri.Timeout, text }, timedOut); // TMO-03
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
    // BP-RPC-05, also during a kill (A27)
    if (call.callee !== null && call.callee.session !== call.caller) interrupt(call, killNoWait);
    this.#free(call);
  }

  /* Answers the caller, and tells the callee to stop (CAN-04). */
  #stop(call: Pending, refusal: Refusal, options: Dict): void {
    if (call.closed) return;
    this.#close(call);
    answerRefusal(call, refusal);
    interrupt(call, options);
    this.#free(call);
  }

  #fail(call: Pending, refusal: Refusal): void {
    if (call.closed) return;
    this.#close(call);
    answerRefusal(call, refusal);
    this.#free(call);
  }

  /* Takes a call from its callee, which may be free for another one now. */
  #detach(call: Pending, callee: Callee<Session>): void {
    callee.session.invocations.delete(call.invocation);
    if (callee.concurrency > 0) callee.active--;
    call.callee = null;
  }

  /* `callee` and `invocation` stay for those who tell the callee. */
  #close(call: Pending): void {
    const { caller, callee } = call;
    call.closed = true;
    caller.calls.delete(call.request);
    if (call.stream !== null) caller.noteEndedCall(call.request); // PCI-07
    if (call.timeout !== null) this.#timeouts.end(call);
    if (callee === null) this.#waiting.delete(call);
    else callee.session.invocations.delete(call.invocation);
    if (call.kept !== null) releaseKept(call);
    this.#open--;
    if (this.#open === 0 && this.#onIdle !== null) this.#onIdle();
  }

  /* After the answer, so that it goes out before the next INVOCATION. */
  #free({ callee }: Pending): void {
    if (callee === null || callee.concurrency === 0) return;
    callee.active--;
    this.#serveWaiting(callee.registration);
  }
}
