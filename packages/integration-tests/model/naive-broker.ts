import {
  type Dict,
  ErrorUri,
  isReservedUri,
  isUri,
  type MatchPolicy,
  type Publish,
  type Subscribe,
  type Unsubscribe,
} from '@wampkit/protocol';
import { matches, type Pattern } from './naive-match.js';
import {
  bounds,
  type NaiveEvent,
  type NaiveRealm,
  type NaiveSubscription,
  RETAINED_TOPICS,
  tail,
} from './naive-realm.js';
import type { NaiveSession } from './naive-session.js';
import { anything, FreshId } from './placeholder.js';
import { BIG, isBig } from './tapped-peer.js';

type Abort = (session: NaiveSession, reason: string) => void;

/** @param abort ends a subscriber that is too slow */
export function subscribe(realm: NaiveRealm, session: NaiveSession, message: Subscribe, abort: Abort): void {
  const { request, options, topic: uri } = message;
  const match = (options.match ?? 'exact') as MatchPolicy;
  const same = realm.subscriptions.filter((each) => isSame(each, { uri, match }));
  const own = same.find((each) => each.session === session);
  const held = realm.subscriptions.filter((each) => each.session === session).length;
  const faults = realm.denial === null ? [] : [realm.denial];
  if (!isUri(uri, match)) faults.push(ErrorUri.InvalidUri);
  if (own === undefined && held >= bounds.subscriptionsPerSession) faults.push(ErrorUri.Unavailable);
  if (faults.length > 0) {
    realm.refuse(session, [32, request], faults);
    return;
  }
  const lasting = realm.histories.find((each) => isSame(each, { uri, match }));
  const id = lasting?.id ?? same[0]?.id ?? new FreshId();
  const subscription = { id, uri, match, session };
  if (own === undefined) realm.subscriptions.push(subscription);
  realm.send(session, 33, request, id);
  if (own === undefined) {
    const isCreated = lasting === undefined && same.length === 0;
    const description = { id, created: realm.date, uri, match };
    if (isCreated) announce(realm, 'wamp.subscription.on_create', [session.id, description], subscription);
    announce(realm, 'wamp.subscription.on_subscribe', [session.id, id], subscription);
  }
  if (options.get_retained === true) sendRetained(realm, subscription, abort);
}

export function unsubscribe(realm: NaiveRealm, session: NaiveSession, message: Unsubscribe): void {
  const own = realm.subscriptions.find(
    (each) => each.session === session && each.id.value === message.subscription,
  );
  if (own === undefined) realm.refuse(session, [34, message.request], [ErrorUri.NoSuchSubscription]);
  else {
    realm.subscriptions = realm.subscriptions.filter((each) => each !== own);
    realm.send(session, 35, message.request);
    tellUnsubscribed(realm, own);
  }
}

/** Takes a subscription away from its subscriber (SREV-01). */
export function revokeSubscription(realm: NaiveRealm, own: NaiveSubscription, reason: unknown): void {
  realm.subscriptions = realm.subscriptions.filter((each) => each !== own);
  if (own.session.hearsUnsubscribed)
    realm.send(own.session, 35, 0, {
      subscription: own.id,
      ...(reason === undefined ? {} : { reason }),
    });
  tellUnsubscribed(realm, own);
}

export function tellUnsubscribed(realm: NaiveRealm, gone: NaiveSubscription): void {
  const args = [gone.session.id, gone.id];
  announce(realm, 'wamp.subscription.on_unsubscribe', args, gone);
  if ([...realm.subscriptions, ...realm.histories].some((each) => isSame(each, gone))) return;
  announce(realm, 'wamp.subscription.on_delete', args, gone);
}

/** @param abort ends a subscriber that is too slow */
export function publish(realm: NaiveRealm, publisher: NaiveSession, message: Publish, abort: Abort): void {
  const { request, options, topic, payload } = message;
  const faults = realm.denial === null ? [] : [realm.denial];
  if (!isUri(topic) || isReservedUri(topic)) faults.push(ErrorUri.InvalidUri);
  if (options.disclose_me === true && !publisher.discloses) faults.push(ErrorUri.DiscloseMeDisallowed);
  if (faults.length > 0) {
    if (options.acknowledge === true) realm.refuse(publisher, [16, request], faults);
    return;
  }
  const event: NaiveEvent = {
    publication: new FreshId(),
    topic,
    at: realm.now,
    details: {
      ...publisher.trust,
      ...(options.disclose_me === true ? publisher.disclosed('publisher') : {}),
    },
    options,
    publisher,
    tail: tail(payload),
  };
  if (options.retain === true) retain(realm, event);
  keepHistories(realm, event);
  const slow = realm.hints.filter(([kind]) => kind === 'dropped').map(([, session]) => session);
  const order = ({ session }: NaiveSubscription): number => slow.indexOf(session.id.value);
  const found = realm.subscriptions.filter((pattern) => matches(pattern, topic));
  for (const each of found.sort((a, b) => order(a) - order(b))) {
    if (options.exclude_me !== false && each.session === publisher) continue;
    if (isAdmitted(each.session, options) && realm.sessions.includes(each.session))
      sendEvent(realm, each, { ...event, isBig: isBig(payload) }, abort);
  }
  if (options.acknowledge === true) realm.send(publisher, 17, request, event.publication);
}

/** Publishes in the name of the router; the subscription that it tells of does not tell of itself. */
export function announce(
  realm: NaiveRealm,
  topic: string,
  args: readonly unknown[],
  about: Pattern | null = null,
): void {
  if (!realm.rules.metaApi || (about !== null && isReservedUri(about.uri))) return;
  const event = { publication: new FreshId(), topic, details: {}, tail: [args], isBig: false };
  for (const each of realm.subscriptions)
    if (matches(each, topic) && (about === null || !isSame(each, about))) sendEvent(realm, each, event);
}

function sendEvent(
  realm: NaiveRealm,
  { id, session, match }: NaiveSubscription,
  event: Pick<NaiveEvent, 'publication' | 'topic' | 'details' | 'tail'> & { isBig: boolean },
  abort: Abort = () => {},
): void {
  const line = realm.line(session.connection);
  if (line.congested && !realm.rules.metaApi) {
    // whichever of its subscriptions comes first
    realm.effects.push(['dropped', session.id, anything, 'congested']);
    abort(session, ErrorUri.NetworkFailure);
  } else if (line.congested) realm.effects.push(['dropped', session.id, id, 'congested']);
  else if (line.small && event.isBig) realm.effects.push(['dropped', session.id, id, 'too_large']);
  else {
    const details = { ...(match === 'exact' ? {} : { topic: event.topic }), ...event.details };
    realm.send(session, 36, id, event.publication, details, ...event.tail);
  }
}

/* RET-02, RET-03: what an event without lists, or with the same ones, replaces is gone. */
function retain(realm: NaiveRealm, event: NaiveEvent): void {
  const { topic } = event;
  const rest = realm.retained.filter((each) => {
    const stays = hasLists(event) && lists(each.options) !== lists(event.options);
    return each.topic !== topic || (event.tail.length > 0 && stays);
  });
  const older = rest.filter((each) => each.topic === topic);
  const others = rest.filter((each) => each.topic !== topic);
  realm.retained = event.tail.length > 0 ? [event, ...older, ...others] : others;
  const topics = [...new Set(realm.retained.map((each) => each.topic))].slice(0, RETAINED_TOPICS);
  realm.retained = realm.retained.filter((each) => topics.includes(each.topic));
}

function sendRetained(realm: NaiveRealm, subscription: NaiveSubscription, abort: Abort): void {
  const { session } = subscription;
  const found = realm.retained.filter(
    ({ topic, options, publisher }) =>
      matches(subscription, topic) &&
      isAdmitted(session, options) &&
      (options.exclude_me === false || publisher !== session),
  );
  for (const topic of new Set(found.map((each) => each.topic))) {
    const event = found.find((each) => each.topic === topic) as NaiveEvent;
    const details = { ...event.details, retained: true };
    const big = (event.tail[0] as unknown[]).at(-1) === BIG;
    if (realm.sessions.includes(session))
      sendEvent(realm, subscription, { ...event, details, isBig: big }, abort);
  }
}

/* HIST-02, HIST-06 */
function keepHistories(realm: NaiveRealm, event: NaiveEvent): void {
  if (event.options.exclude !== undefined || event.options.eligible !== undefined) return;
  for (const history of realm.histories)
    if (matches(history, event.topic)) history.events = [...history.events, event].slice(-history.limit);
}

/** Whether the six lists let a session have an event (BWL-03). */
export function isAdmitted(session: NaiveSession, options: Dict): boolean {
  const { exclude, exclude_authid, exclude_authrole, eligible, eligible_authid, eligible_authrole } =
    options as Readonly<Record<string, readonly unknown[] | undefined>>;
  if (exclude?.includes(session.id.value)) return false;
  if (exclude_authid?.includes(session.authid)) return false;
  if (exclude_authrole?.includes(session.authrole)) return false;
  if (eligible !== undefined && !eligible.includes(session.id.value)) return false;
  if (eligible_authid !== undefined && !eligible_authid.includes(session.authid)) return false;
  return eligible_authrole === undefined || eligible_authrole.includes(session.authrole);
}

function lists(options: Dict): string {
  const { exclude, exclude_authid, exclude_authrole, eligible, eligible_authid, eligible_authrole } = options;
  return JSON.stringify({
    exclude,
    exclude_authid,
    exclude_authrole,
    eligible,
    eligible_authid,
    eligible_authrole,
  });
}

function hasLists({ options }: NaiveEvent): boolean {
  return lists(options) !== '{}';
}

function isSame(a: Pattern, b: Pattern): boolean {
  return a.uri === b.uri && a.match === b.match;
}
