import {
  type Call,
  type Cancel,
  type ErrorMessage,
  ErrorUri,
  isReservedUri,
  isUri,
  type Payload,
  type Yield,
} from '@wampkit/protocol';
import { best, matches } from './naive-match.js';
import { admitRequest, bounds, type NaiveRealm, NaiveViolation, tail } from './naive-realm.js';
import type { NaiveCall, NaiveCallee, NaiveRegistration } from './naive-registration.js';
import { ASKED, forbidden, type NaiveSession } from './naive-session.js';
import { pickCallee } from './pick-callee.js';

const killNoWait = { mode: 'killnowait', reason: ErrorUri.Canceled };

/** Serves the procedures of the router itself. @returns whether there is one of that name */
type ServeMeta = (caller: NaiveSession, message: Call) => boolean;

/** @throws {NaiveViolation} */
export function call(realm: NaiveRealm, caller: NaiveSession, message: Call, serveMeta: ServeMeta): void {
  const { request, options, procedure } = message;
  const isOpenEnded = options.progress === true;
  if (isOpenEnded && !caller.sendsChunks) throw new NaiveViolation();
  const open = realm.calls.find((each) => each.caller === caller && each.request === request);
  if (open !== undefined) {
    goOn(realm, open, message);
    return;
  }
  if (caller.ended.has(request)) {
    if (!isOpenEnded) caller.ended.delete(request);
    return;
  }
  admitRequest(realm, caller, request);
  const faults = realm.denial === null ? [] : [realm.denial];
  if (caller.authrole === ASKED && forbidden.includes(procedure)) faults.push(ErrorUri.NotAuthorized);
  if (!isUri(procedure)) faults.push(ErrorUri.InvalidUri);
  if (options.disclose_me === true && !caller.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
  if (realm.calls.filter((each) => each.caller === caller).length >= bounds.pendingCallsPerSession)
    faults.push(ErrorUri.Unavailable);
  const found = best(realm.registrations.filter((each) => matches(each, procedure)));
  if (faults.length === 0 && isReservedUri(procedure)) {
    if (isOpenEnded && realm.rules.metaApi)
      faults.push(ErrorUri.FeatureNotSupported, ErrorUri.NoSuchProcedure);
    else if (realm.rules.metaApi && serveMeta(caller, message)) return;
    else faults.push(ErrorUri.NoSuchProcedure);
  } else if (found === undefined) faults.push(ErrorUri.NoSuchProcedure);
  if (faults.length > 0) {
    if (isOpenEnded) caller.ended.add(request);
    realm.refuse(caller, [48, request], faults);
  } else start(realm, found as NaiveRegistration, { caller, message });
}

function start(
  realm: NaiveRealm,
  registration: NaiveRegistration,
  { caller, message }: { caller: NaiveSession; message: Call },
): void {
  const { request, procedure, options } = message;
  const made: NaiveCall = {
    number: realm.callCount++,
    caller,
    request,
    procedure,
    timeout: (options.timeout ?? 0) as number,
    registration,
    callee: null,
    invocation: 0,
    kept: null,
    isOpenEnded: options.progress === true,
    progressive: false,
    killed: false,
    due: null,
    tried: new Set(),
  };
  const isFirst = !realm.calls.some((each) => each.callee === null && each.registration === registration);
  realm.calls.push(made);
  const callee = isFirst ? pickCallee(realm, made, message) : undefined;
  if (callee !== undefined) invoke(realm, made, { callee, message });
  else {
    made.kept = [message];
    if (made.timeout > 0) made.due = realm.now + made.timeout;
    serveWaiting(realm, registration);
  }
}

function invoke(
  realm: NaiveRealm,
  made: NaiveCall,
  { callee, message }: { callee: NaiveCallee; message: Call },
): void {
  const { session, registration } = callee;
  const { options, procedure, payload } = message;
  if (options.progress === true && !session.takesChunks) {
    end(realm, made, ErrorUri.FeatureNotSupported);
    return;
  }
  made.progressive = options.receive_progress === true && session.progressive;
  const details: Record<string, unknown> = { ...made.caller.trust };
  if (made.progressive) details.receive_progress = true;
  if (options.progress === true) details.progress = true;
  if (registration.match !== 'exact') details.procedure = procedure;
  if (options.disclose_me === true || callee.disclose)
    Object.assign(details, made.caller.disclosed('caller'));
  if (made.timeout > 0 && callee.forwardTimeout && session.timesCalls) {
    details.timeout = made.due === null ? made.timeout : made.due - realm.now;
    made.due = null;
  } else if (made.timeout > 0) made.due ??= realm.now + made.timeout;
  if (!session.reroutes) made.kept = null;
  else if (made.kept === null && registration.callees.length > 1) made.kept = [message];
  if (realm.refuses(session, payload)) {
    end(realm, made, ErrorUri.PayloadSizeExceeded);
    return;
  }
  made.callee = callee;
  made.invocation = ++session.lastInvocation;
  realm.send(session, 68, made.invocation, registration.id, details, ...tail(payload));
}

/* Another chunk of a call (PCI-04, PCI-10). */
function goOn(realm: NaiveRealm, made: NaiveCall, message: Call): void {
  if (!made.isOpenEnded || made.procedure !== message.procedure) throw new NaiveViolation();
  made.isOpenEnded = message.options.progress === true;
  if (made.callee === null) made.kept?.push(message);
  else if (!made.killed) sendChunk(realm, made, message);
}

function sendChunk(realm: NaiveRealm, made: NaiveCall, { options, payload }: Call): void {
  const { session } = made.callee as NaiveCallee;
  made.kept = null;
  const details = options.progress === true ? { progress: true } : {};
  if (realm.refuses(session, payload)) stop(realm, made, ErrorUri.PayloadSizeExceeded);
  else realm.send(session, 68, made.invocation, made.registration.id, details, ...tail(payload));
}

/** Lets calls that wait for a registration go on, as far as its callees are free. */
export function serveWaiting(realm: NaiveRealm, registration: NaiveRegistration): void {
  for (const made of realm.calls) {
    const waits = realm.calls.includes(made) && made.callee === null && made.registration === registration;
    if (!waits) continue;
    const [first, ...chunks] = made.kept as [Call, ...Call[]];
    const callee = pickCallee(realm, made, first);
    if (callee !== undefined) {
      invoke(realm, made, { callee, message: first });
      for (const chunk of chunks) if (realm.calls.includes(made)) sendChunk(realm, made, chunk);
    } else if (registration.callees.length === 0) end(realm, made, ErrorUri.Canceled);
    else if (made.tried.size === 0) return;
    else if (!hasUntried(made)) end(realm, made, ErrorUri.NoAvailableCallee);
  }
}

export function cancel(realm: NaiveRealm, caller: NaiveSession, { request, options }: Cancel): void {
  const made = realm.calls.find((each) => each.caller === caller && each.request === request);
  if (made === undefined || made.killed) return;
  const session = made.callee?.session;
  if (options.mode === 'kill' && session?.cancelable) {
    made.killed = true;
    realm.send(session, 69, made.invocation, { mode: 'kill', reason: ErrorUri.Canceled });
  } else if (options.mode === 'skip') end(realm, made, ErrorUri.Canceled);
  else stop(realm, made, ErrorUri.Canceled);
}

export function yields(realm: NaiveRealm, callee: NaiveSession, { request, options, payload }: Yield): void {
  const made = served(realm, callee, request);
  if (options.progress !== true) {
    if (made !== undefined) answer(realm, made, [50, made.request, {}], payload);
  } else if (made === undefined) {
    if (callee.cancelable) realm.send(callee, 69, request, killNoWait);
  } else if (made.progressive) {
    if (made.due !== null) made.due = realm.now + made.timeout;
    made.kept = null;
    if (realm.refuses(made.caller, payload)) stop(realm, made, ErrorUri.PayloadSizeExceeded);
    else realm.send(made.caller, 50, made.request, { progress: true }, ...tail(payload));
  }
}

export function errs(realm: NaiveRealm, session: NaiveSession, message: ErrorMessage): void {
  const made = served(realm, session, message.request);
  if (made === undefined) return;
  if (message.error === ErrorUri.Unavailable && session.reroutes) reroute(realm, made);
  else answer(realm, made, [8, 48, made.request, {}, message.error], message.payload);
}

/* RER-02, RER-03 */
function reroute(realm: NaiveRealm, made: NaiveCall): void {
  const { registration, kept } = made;
  const former = made.callee as NaiveCallee;
  if (made.killed || kept === null) {
    end(realm, made, made.killed ? ErrorUri.Canceled : ErrorUri.NoAvailableCallee);
    return;
  }
  made.tried.add(former);
  made.callee = null;
  realm.calls = [...realm.calls.filter((each) => each !== made), made];
  const [message] = kept as [Call];
  const callee = pickCallee(realm, made, message);
  if (callee !== undefined) invoke(realm, made, { callee, message });
  else if (!hasUntried(made)) end(realm, made, ErrorUri.NoAvailableCallee);
  serveWaiting(realm, registration);
}

/** Ends the calls whose time is up now. */
export function expire(realm: NaiveRealm): void {
  for (const made of realm.calls)
    if (made.due !== null && made.due <= realm.now) stop(realm, made, ErrorUri.Timeout);
}

/** Ends the calls that a session made, those that wait first, and those that it served. */
export function leaveCalls(realm: NaiveRealm, session: NaiveSession): void {
  const served = realm.calls.filter((each) => each.callee?.session === session && each.caller !== session);
  const made = realm.calls.filter((each) => each.caller === session && each.callee !== null);
  realm.calls = realm.calls.filter((each) => each.caller !== session || each.callee !== null);
  for (const each of made.sort((a, b) => a.number - b.number)) {
    const callee = each.callee as NaiveCallee;
    realm.calls = realm.calls.filter((other) => other !== each);
    if (callee.session !== session && callee.session.cancelable)
      realm.send(callee.session, 69, each.invocation, killNoWait);
    serveWaiting(realm, callee.registration);
  }
  for (const each of served) end(realm, each, ErrorUri.Canceled);
}

function answer(realm: NaiveRealm, made: NaiveCall, wire: readonly unknown[], payload: Payload): void {
  if (realm.refuses(made.caller, payload)) {
    end(realm, made, ErrorUri.PayloadSizeExceeded);
    return;
  }
  close(realm, made);
  realm.send(made.caller, ...wire, ...tail(payload));
  if (made.callee !== null) serveWaiting(realm, made.callee.registration);
}

/* Answers the caller, and tells the callee. */
function stop(realm: NaiveRealm, made: NaiveCall, error: string): void {
  const { callee, invocation } = made;
  const reason = error === ErrorUri.Timeout ? error : ErrorUri.Canceled;
  if (callee?.session.cancelable) realm.send(callee.session, 69, invocation, { mode: 'killnowait', reason });
  end(realm, made, error);
}

function end(realm: NaiveRealm, made: NaiveCall, error: string): void {
  close(realm, made);
  realm.refuse(made.caller, [48, made.request], [error]);
  if (made.callee !== null) serveWaiting(realm, made.callee.registration);
}

function close(realm: NaiveRealm, made: NaiveCall): void {
  realm.calls = realm.calls.filter((each) => each !== made);
  if (made.isOpenEnded) made.caller.ended.add(made.request);
}

function served(realm: NaiveRealm, session: NaiveSession, invocation: number): NaiveCall | undefined {
  if (invocation > session.lastInvocation) throw new NaiveViolation();
  return realm.calls.find((each) => each.callee?.session === session && each.invocation === invocation);
}

function hasUntried({ registration, tried }: NaiveCall): boolean {
  return registration.callees.some((callee) => !tried.has(callee));
}
