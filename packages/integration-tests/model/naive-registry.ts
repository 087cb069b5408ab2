import {
  ErrorUri,
  isReservedUri,
  isUri,
  type MatchPolicy,
  type Register,
  type Unregister,
} from '@wampkit/protocol';
import { announce } from './naive-broker.js';
import { bounds, type NaiveRealm } from './naive-realm.js';
import { dropCallee, type NaiveCallee, type NaiveRegistration } from './naive-registration.js';
import type { NaiveSession } from './naive-session.js';
import { anything, FreshId } from './placeholder.js';

export function register(
  realm: NaiveRealm,
  session: NaiveSession,
  message: Register,
): NaiveRegistration | null {
  const { request, options, procedure: uri } = message;
  const match = (options.match ?? 'exact') as MatchPolicy;
  const invoke = (options.invoke ?? 'single') as string;
  const force = options.force_reregister === true;
  const known = realm.registrations.find((each) => each.uri === uri && each.match === match);
  const isOwn = known?.callees.some((callee) => callee.session === session) === true;
  const isRepeated = isOwn && !force && known?.invoke === invoke && invoke !== 'single';
  const faults = realm.denial === null ? [] : [realm.denial];
  if (!isUri(uri, match) || isReservedUri(uri)) faults.push(ErrorUri.InvalidUri);
  if (options.disclose_caller === true && !session.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
  if (known !== undefined && !force && (invoke === 'single' || invoke !== known.invoke))
    faults.push(ErrorUri.ProcedureAlreadyExists);
  if (!isRepeated && calleesOf(realm, session).length >= bounds.registrationsPerSession)
    faults.push(ErrorUri.Unavailable);
  if (faults.length > 0) {
    realm.refuse(session, [64, request], faults);
    return null;
  }
  if (known !== undefined && force) for (const callee of known.callees) takeAway(realm, callee, anything);
  const registration = known !== undefined && !force ? known : open(realm, { uri, match, invoke });
  if (!isRepeated)
    addCallee(realm, {
      registration,
      session,
      disclose: options.disclose_caller === true,
      forwardTimeout: options.forward_timeout === true,
      concurrency: (options.concurrency ?? 0) as number,
    });
  for (const call of realm.calls)
    if (call.callee === null && call.registration === known) call.registration = registration;
  realm.send(session, 65, request, registration.id);
  return registration;
}

export function unregister(
  realm: NaiveRealm,
  session: NaiveSession,
  { request, registration }: Unregister,
): NaiveRegistration | null {
  const own = calleesOf(realm, session).find((callee) => callee.registration.id.value === registration);
  if (own === undefined) {
    realm.refuse(session, [66, request], [ErrorUri.NoSuchRegistration]);
    return null;
  }
  removeCallee(realm, own);
  realm.send(session, 67, request);
  return own.registration;
}

/** Takes a registration from a callee (RREV-02). */
export function takeAway(realm: NaiveRealm, callee: NaiveCallee, reason: unknown): void {
  const { session, registration } = callee;
  removeCallee(realm, callee);
  if (session.hearsUnregistered)
    realm.send(session, 67, 0, {
      registration: registration.id,
      ...(reason === undefined ? {} : { reason }),
    });
}

export function removeCallee(realm: NaiveRealm, callee: NaiveCallee): void {
  const { session, registration } = callee;
  dropCallee(callee);
  announce(realm, 'wamp.registration.on_unregister', [session.id, registration.id]);
  if (registration.callees.length > 0) return;
  realm.registrations = realm.registrations.filter((each) => each !== registration);
  announce(realm, 'wamp.registration.on_delete', [session.id, registration.id]);
}

export function calleesOf(realm: NaiveRealm, session: NaiveSession): readonly NaiveCallee[] {
  return realm.registrations.flatMap(({ callees }) => callees.filter((each) => each.session === session));
}

function open(
  realm: NaiveRealm,
  what: { uri: string; match: MatchPolicy; invoke: string },
): NaiveRegistration {
  const registration = { ...what, id: new FreshId(), callees: [], next: null };
  realm.registrations.push(registration);
  return registration;
}

function addCallee(realm: NaiveRealm, callee: NaiveCallee): void {
  const { registration, session } = callee;
  const { id, uri, match, invoke } = registration;
  registration.callees = [...registration.callees, callee];
  if (registration.callees.length === 1)
    announce(realm, 'wamp.registration.on_create', [
      session.id,
      { id, created: realm.date, uri, match, invoke },
    ]);
  announce(realm, 'wamp.registration.on_register', [session.id, id]);
}
