import { type Call, ErrorUri } from '@wampkit/protocol';
import type { NaiveRealm } from './naive-realm.js';
import type { NaiveCall, NaiveCallee } from './naive-registration.js';
import type { NaiveSession } from './naive-session.js';

/** The callee whose turn it is, if it may take one more call (SHR-03, RER-02). */
export function pickCallee(realm: NaiveRealm, call: NaiveCall, message: Call): NaiveCallee | undefined {
  const { registration, tried } = call;
  const { callees, invoke } = registration;
  const untried = callees.filter((callee) => !tried.has(callee));
  const isFree = (callee: NaiveCallee): boolean =>
    callee.concurrency === 0 ||
    realm.calls.filter((other) => other.callee === callee).length < callee.concurrency;
  if (invoke === 'random') {
    const free = untried.filter(isFree);
    const sessions = free.map(({ session }) => session);
    const chosen = realm.chosen(sessions, registration.id, message.payload);
    if (chosen !== undefined) return free.find(({ session }) => session === chosen);
    // none got it: chance chose one that cannot take it, for the reason that the caller got
    const reason = realm.hints.find(
      ([, , code, type, request]) => code === 8 && type === 48 && request === call.request,
    );
    return free.find(({ session }) => inability(realm, session, message) === reason?.[6]) ?? free[0];
  }
  if (invoke === 'roundrobin') {
    const start = Math.max(0, callees.indexOf(registration.next as NaiveCallee));
    const order = [...callees.slice(start), ...callees.slice(0, start)];
    const picked = order.find((callee) => isFree(callee) && !tried.has(callee));
    if (picked !== undefined && (callees.length > 1 || tried.size > 0))
      registration.next = callees[(callees.indexOf(picked) + 1) % callees.length] ?? null;
    return picked;
  }
  const named = invoke === 'last' ? untried.at(-1) : untried[0];
  return named !== undefined && isFree(named) ? named : undefined;
}

/** Why a session cannot be given an INVOCATION; `null` when it can. */
function inability(realm: NaiveRealm, session: NaiveSession, { options, payload }: Call): string | null {
  if (options.progress === true && !session.takesChunks) return ErrorUri.FeatureNotSupported;
  return realm.refuses(session, payload) ? ErrorUri.PayloadSizeExceeded : null;
}
