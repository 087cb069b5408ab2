import {
  type Call,
  type Cancel,
  CloseUri,
  type Dict,
  ErrorUri,
  type Hello,
  isReservedUri,
  isUri,
  type MatchPolicy,
  type Message,
  MessageCode,
  type Payload,
  type Publish,
  type Register,
  type Subscribe,
  type Unregister,
  type Unsubscribe,
} from '@wampkit/protocol';
import { best, matches, type Pattern } from './naive-match.js';
import { NaiveSession } from './naive-session.js';
import { anything, FreshId, OneOf } from './placeholder.js';
import { isBig } from './tapped-peer.js';
import type { Effect, Input } from './trace.js';

/** The bounds of the realm under test: low, so that they are met. */
export const bounds = { subscriptionsPerSession: 6, registrationsPerSession: 5, pendingCallsPerSession: 4 };

/** What a run varies. */
export interface Rules {
  readonly requestIds: 'lenient' | 'strict';
  readonly slowConsumer: 'drop' | 'disconnect';
}

/** A subscription of one session: sharing an id is a matter of equal patterns. */
export interface NaiveSubscription extends Pattern {
  readonly id: FreshId;
  readonly session: NaiveSession;
}

export interface NaiveRegistration extends Pattern {
  readonly id: FreshId;
  readonly session: NaiveSession;
  readonly disclose: boolean;
}

export interface NaiveCall {
  readonly caller: NaiveSession;
  readonly request: number;
  readonly callee: NaiveSession;
  readonly invocation: number;
  readonly progressive: boolean;
  killed: boolean;
}

interface Line {
  open: boolean;
  congested: boolean;
  small: boolean;
}

const killNoWait = { mode: 'killnowait', reason: ErrorUri.Canceled };

/** The engine's behaviour in plain lists: each question is answered by looking through all there is. */
export class NaiveRouter {
  sessions: NaiveSession[] = [];
  subscriptions: NaiveSubscription[] = [];
  registrations: NaiveRegistration[] = [];
  calls: NaiveCall[] = [];
  readonly #rules: Rules;
  readonly #lines: Line[] = [];
  #effects: Effect[] = [];
  #slow: readonly unknown[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** The session on a connection, if it has joined. */
  sessionOn(connection: number): NaiveSession | undefined {
    return this.sessions.find((session) => session.connection === connection);
  }

  /** Whether a connection has not ended. */
  isOpen(connection: number): boolean {
    return this.#line(connection).open;
  }

  /**
   * Takes an input and gives what the router must do.
   *
   * @param slow the sessions that it ended for being slow, in its order: the spec gives none, and it matters when one
   *   of them serves the other
   */
  take(input: Input, slow: readonly unknown[] = []): readonly Effect[] {
    this.#effects = [];
    this.#slow = slow;
    const line = this.#line(input.connection);
    if (input.kind === 'congested') line.congested = input.on;
    else if (input.kind === 'small') line.small = input.on;
    else if (line.open) this.#takeFromOpen(input.connection, input.kind === 'end' ? null : input.message);
    return this.#effects;
  }

  #takeFromOpen(connection: number, message: Message | null): void {
    const session = this.sessionOn(connection);
    if (message === null || message.code === MessageCode.Abort) {
      if (session !== undefined) this.#leave(session);
      this.#close(connection);
    } else if (session === undefined) this.#greet(connection, message);
    else if (message.code === MessageCode.Goodbye) {
      this.#send(session, 6, {}, CloseUri.GoodbyeAndOut);
      this.#leave(session);
    } else if (this.#isViolation(session, message)) {
      this.#effects.push(['violation', connection]);
      this.#abort(session, ErrorUri.ProtocolViolation);
    } else this.#serve(session, message);
  }

  #greet(connection: number, message: Message): void {
    const refuse = (reason: string): void => {
      this.#effects.push(['send', connection, 3, anything, reason]);
      this.#close(connection);
    };
    if (message.code !== MessageCode.Hello) {
      this.#effects.push(['violation', connection]);
      refuse(ErrorUri.ProtocolViolation);
    } else if (message.realm !== 'realm1') refuse(ErrorUri.NoSuchRealm);
    else this.#join(connection, message);
  }

  #join(connection: number, hello: Hello): void {
    const session = new NaiveSession(connection, hello);
    this.sessions.push(session);
    this.#send(session, 2, session.id, anything);
  }

  #isViolation(session: NaiveSession, message: Message): boolean {
    switch (message.code) {
      case MessageCode.Yield:
      case MessageCode.Error:
        return message.request > session.lastInvocation;
      case MessageCode.Cancel:
        return false;
      case MessageCode.Publish:
      case MessageCode.Subscribe:
      case MessageCode.Unsubscribe:
      case MessageCode.Register:
      case MessageCode.Unregister:
      case MessageCode.Call:
        return this.#isBadRequest(session, message.request);
      default:
        return true;
    }
  }

  #isBadRequest(session: NaiveSession, request: number): boolean {
    if (request < 1) return true;
    const isNext = request === session.lastRequest + 1;
    session.lastRequest = request;
    if (this.#rules.requestIds === 'strict' && !isNext) return true;
    return this.calls.some((call) => call.caller === session && call.request === request);
  }

  #serve(session: NaiveSession, message: Message): void {
    if (message.code === MessageCode.Subscribe) this.#subscribe(session, message);
    else if (message.code === MessageCode.Unsubscribe) this.#unsubscribe(session, message);
    else if (message.code === MessageCode.Publish) this.#publish(session, message);
    else if (message.code === MessageCode.Register) this.#register(session, message);
    else if (message.code === MessageCode.Unregister) this.#unregister(session, message);
    else if (message.code === MessageCode.Call) this.#call(session, message);
    else if (message.code === MessageCode.Cancel) this.#cancel(session, message);
    else if (message.code === MessageCode.Yield) {
      const isProgress = message.options.progress === true;
      if (isProgress) this.#progress(session, message.request, message.payload);
      else this.#answer(session, message.request, { payload: message.payload });
    } else if (message.code === MessageCode.Error)
      this.#answer(session, message.request, { payload: message.payload, error: message.error });
  }

  #subscribe(session: NaiveSession, { request, options, topic: uri }: Subscribe): void {
    const match = (options.match ?? 'exact') as MatchPolicy;
    const same = this.subscriptions.filter((each) => each.uri === uri && each.match === match);
    const own = same.find((each) => each.session === session);
    const held = this.subscriptions.filter((each) => each.session === session).length;
    const faults: string[] = [];
    if (!isUri(uri, match)) faults.push(ErrorUri.InvalidUri);
    if (own === undefined && held >= bounds.subscriptionsPerSession) faults.push(ErrorUri.Unavailable);
    if (faults.length > 0) {
      this.#refuse(session, [32, request], faults);
      return;
    }
    const id = same[0]?.id ?? new FreshId();
    if (own === undefined) this.subscriptions.push({ id, uri, match, session });
    this.#send(session, 33, request, id);
  }

  #unsubscribe(session: NaiveSession, { request, subscription }: Unsubscribe): void {
    const own = this.subscriptions.find((each) => each.session === session && each.id.value === subscription);
    if (own === undefined) {
      this.#refuse(session, [34, request], [ErrorUri.NoSuchSubscription]);
      return;
    }
    this.subscriptions = this.subscriptions.filter((each) => each !== own);
    this.#send(session, 35, request);
  }

  #publish(publisher: NaiveSession, { request, options, topic, payload }: Publish): void {
    const faults: string[] = [];
    if (!isUri(topic) || isReservedUri(topic)) faults.push(ErrorUri.InvalidUri);
    if (options.disclose_me === true && !publisher.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
    if (faults.length > 0) {
      if (options.acknowledge === true) this.#refuse(publisher, [16, request], faults);
      return;
    }
    const publication = new FreshId();
    const order = ({ session }: NaiveSubscription): number => this.#slow.indexOf(session.id.value);
    const found = this.subscriptions.filter((pattern) => matches(pattern, topic));
    for (const each of found.sort((a, b) => order(a) - order(b))) {
      if (!isReceiver(each.session, publisher, options) || !this.sessions.includes(each.session)) continue;
      const details: Record<string, unknown> = {};
      if (each.match !== 'exact') details.topic = topic;
      if (options.disclose_me === true) Object.assign(details, disclosed('publisher', publisher));
      this.#event(each, payload, [publication, details]);
    }
    if (options.acknowledge === true) this.#send(publisher, 17, request, publication);
  }

  #event({ id, session }: NaiveSubscription, payload: Payload, header: readonly unknown[]): void {
    const line = this.#line(session.connection);
    if (line.congested && this.#rules.slowConsumer === 'disconnect') {
      // whichever of its subscriptions comes first
      this.#effects.push(['dropped', session.id, anything, 'congested']);
      this.#abort(session, ErrorUri.NetworkFailure);
    } else if (line.congested) this.#effects.push(['dropped', session.id, id, 'congested']);
    else if (line.small && isBig(payload)) this.#effects.push(['dropped', session.id, id, 'too_large']);
    else this.#send(session, 36, id, ...header, ...tail(payload));
  }

  #register(session: NaiveSession, { request, options, procedure: uri }: Register): void {
    const match = (options.match ?? 'exact') as MatchPolicy;
    const disclose = options.disclose_caller === true;
    const faults: string[] = [];
    if (!isUri(uri, match) || isReservedUri(uri)) faults.push(ErrorUri.InvalidUri);
    if (disclose && !session.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
    if (
      this.registrations.filter((each) => each.session === session).length >= bounds.registrationsPerSession
    )
      faults.push(ErrorUri.Unavailable);
    if (this.registrations.some((each) => each.uri === uri && each.match === match))
      faults.push(ErrorUri.ProcedureAlreadyExists);
    if (faults.length > 0) {
      this.#refuse(session, [64, request], faults);
      return;
    }
    const id = new FreshId();
    this.registrations.push({ id, uri, match, session, disclose });
    this.#send(session, 65, request, id);
  }

  #unregister(session: NaiveSession, { request, registration }: Unregister): void {
    const own = this.registrations.find((each) => each.session === session && each.id.value === registration);
    if (own === undefined) {
      this.#refuse(session, [66, request], [ErrorUri.NoSuchRegistration]);
      return;
    }
    this.registrations = this.registrations.filter((each) => each !== own);
    this.#send(session, 67, request);
  }

  #call(caller: NaiveSession, { request, options, procedure, payload }: Call): void {
    const found = best(this.registrations.filter((each) => matches(each, procedure)));
    const faults: string[] = [];
    if (!isUri(procedure)) faults.push(ErrorUri.InvalidUri);
    if (options.disclose_me === true && !caller.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
    if (this.calls.filter((call) => call.caller === caller).length >= bounds.pendingCallsPerSession)
      faults.push(ErrorUri.Unavailable);
    if (faults.length === 0 && (found === undefined || isReservedUri(procedure)))
      faults.push(ErrorUri.NoSuchProcedure);
    if (faults.length > 0) this.#refuse(caller, [48, request], faults);
    else this.#invoke(found as NaiveRegistration, caller, { request, options, procedure, payload });
  }

  #invoke(
    registration: NaiveRegistration,
    caller: NaiveSession,
    { request, options, procedure, payload }: Pick<Call, 'request' | 'options' | 'procedure' | 'payload'>,
  ): void {
    const callee = registration.session;
    if (this.#refuses(callee, payload)) {
      this.#refuse(caller, [48, request], [ErrorUri.PayloadSizeExceeded]);
      return;
    }
    const progressive = options.receive_progress === true && callee.progressive;
    const details: Record<string, unknown> = {};
    if (progressive) details.receive_progress = true;
    if (registration.match !== 'exact') details.procedure = procedure;
    if (options.disclose_me === true || registration.disclose)
      Object.assign(details, disclosed('caller', caller));
    const invocation = ++callee.lastInvocation;
    this.calls.push({ caller, request, callee, invocation, progressive, killed: false });
    this.#send(callee, 68, invocation, registration.id, details, ...tail(payload));
  }

  #cancel(caller: NaiveSession, { request, options }: Cancel): void {
    const call = this.calls.find((each) => each.caller === caller && each.request === request);
    if (call === undefined || call.killed) return;
    const { callee, invocation } = call;
    const mode = callee.cancelable ? (options.mode ?? 'killnowait') : 'skip';
    if (mode === 'kill') call.killed = true;
    else this.#end(call, [ErrorUri.Canceled]);
    if (mode !== 'skip') this.#send(callee, 69, invocation, { mode, reason: ErrorUri.Canceled });
  }

  #progress(callee: NaiveSession, invocation: number, payload: Payload): void {
    const call = this.#served(callee, invocation);
    if (call === undefined) {
      if (callee.cancelable) this.#send(callee, 69, invocation, killNoWait);
    } else if (call.progressive && this.#refuses(call.caller, payload)) {
      this.#end(call, [ErrorUri.PayloadSizeExceeded]);
      this.#send(callee, 69, invocation, killNoWait);
    } else if (call.progressive)
      this.#send(call.caller, 50, call.request, { progress: true }, ...tail(payload));
  }

  #answer(callee: NaiveSession, invocation: number, answer: { payload: Payload; error?: string }): void {
    const call = this.#served(callee, invocation);
    if (call === undefined) return;
    const { caller, request } = call;
    if (this.#refuses(caller, answer.payload)) this.#end(call, [ErrorUri.PayloadSizeExceeded]);
    else {
      this.calls = this.calls.filter((each) => each !== call);
      if (answer.error === undefined) this.#send(caller, 50, request, {}, ...tail(answer.payload));
      else this.#send(caller, 8, 48, request, {}, answer.error, ...tail(answer.payload));
    }
  }

  #served(callee: NaiveSession, invocation: number): NaiveCall | undefined {
    return this.calls.find((each) => each.callee === callee && each.invocation === invocation);
  }

  #end(call: NaiveCall, errors: readonly string[]): void {
    this.calls = this.calls.filter((each) => each !== call);
    this.#refuse(call.caller, [48, call.request], errors);
  }

  #abort(session: NaiveSession, reason: string): void {
    this.#send(session, 3, anything, reason);
    this.#leave(session);
    this.#close(session.connection);
  }

  #leave(session: NaiveSession): void {
    this.sessions = this.sessions.filter((each) => each !== session);
    this.subscriptions = this.subscriptions.filter((each) => each.session !== session);
    this.registrations = this.registrations.filter((each) => each.session !== session);
    const made = this.calls.filter((call) => call.caller === session);
    const served = this.calls.filter((call) => call.callee === session && call.caller !== session);
    this.calls = this.calls.filter((call) => call.caller !== session && call.callee !== session);
    for (const { callee, invocation } of made)
      if (callee !== session && callee.cancelable) this.#send(callee, 69, invocation, killNoWait);
    for (const { caller, request } of served) this.#refuse(caller, [48, request], [ErrorUri.Canceled]);
    this.#effects.push(['left', session.id]);
  }

  #refuse(session: NaiveSession, of: readonly number[], errors: readonly string[]): void {
    this.#send(session, 8, ...of, {}, new OneOf(errors), anything);
  }

  #refuses(session: NaiveSession, payload: Payload): boolean {
    return this.#line(session.connection).small && isBig(payload);
  }

  #send(session: NaiveSession, ...wire: unknown[]): void {
    if (this.#line(session.connection).open) this.#effects.push(['send', session.connection, ...wire]);
  }

  #close(connection: number): void {
    this.#line(connection).open = false;
    this.#effects.push(['close', connection]);
  }

  #line(connection: number): Line {
    const line = this.#lines[connection] ?? { open: true, congested: false, small: false };
    this.#lines[connection] = line;
    return line;
  }
}

function isReceiver(session: NaiveSession, publisher: NaiveSession, options: Dict): boolean {
  const { exclude, exclude_authid, exclude_authrole, eligible, eligible_authid, eligible_authrole } =
    options as Readonly<Record<string, readonly unknown[] | undefined>>;
  if (options.exclude_me !== false && session === publisher) return false;
  if (exclude?.includes(session.id.value)) return false;
  if (exclude_authid?.includes(session.authid)) return false;
  if (exclude_authrole?.includes(session.authrole)) return false;
  if (eligible !== undefined && !eligible.includes(session.id.value)) return false;
  if (eligible_authid !== undefined && !eligible_authid.includes(session.authid)) return false;
  return eligible_authrole === undefined || eligible_authrole.includes(session.authrole);
}

function disclosed(who: 'caller' | 'publisher', session: NaiveSession): Dict {
  return {
    [who]: session.id,
    [`${who}_authid`]: session.authid,
    [`${who}_authrole`]: session.authrole,
  };
}

function tail(payload: Payload): readonly unknown[] {
  return [payload.args(), payload.kwargs()].slice(0, payload.count);
}
