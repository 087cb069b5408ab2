import type { HistoryQuery, SubscriptionInfo } from '@wampkit/client/meta';
import { isId, type MatchPolicy } from '@wampkit/protocol';
import { type Inspection, inspect } from '../inspect/inspection.js';
import { printEvent } from '../output/print-event.js';
import { parseCount } from '../parse-count.js';
import { parseId } from '../parse-id.js';
import type { VerbContext } from '../run-verb.js';
import { UnmetError } from '../unmet-error.js';
import { UsageError } from '../usage-error.js';

/** What `subscription events` was given by name; the names of WAMP in camel case (HIST-03). */
export interface EventsOptions {
  match?: MatchPolicy;
  limit?: string;
  reverse?: boolean;
  topic?: string;
  fromTime?: string;
  afterTime?: string;
  beforeTime?: string;
  untilTime?: string;
  fromPublication?: string;
  afterPublication?: string;
  beforePublication?: string;
  untilPublication?: string;
}

/** The options that this action alone heeds. */
export const eventsOptionNames: readonly (keyof EventsOptions)[] = [
  'limit',
  'reverse',
  'topic',
  'fromTime',
  'afterTime',
  'beforeTime',
  'untilTime',
  'fromPublication',
  'afterPublication',
  'beforePublication',
  'untilPublication',
];

/** Prints the events of a subscription that the router kept. */
export async function subscriptionEvents(
  context: VerbContext,
  target: string,
  given: EventsOptions,
): Promise<void> {
  const query = readQuery(given);
  const id = isId(Number(target)) ? Number(target) : null;
  if (id !== null && given.match !== undefined)
    throw new UsageError('--match is for the URI of a subscription, not for an id');
  await inspect(context, async (inspection) => {
    const { subscriptions } = inspection.api;
    const found = id ?? (await lookup(inspection, target, given.match));
    const { uri } = await subscriptions.get(found, inspection.options);
    for (const event of await subscriptions.history(found, query, inspection.options)) {
      const topic = typeof event.details.topic === 'string' ? event.details.topic : uri;
      printEvent(context.printer, { ...event, topic, time: event.timestamp }, true);
    }
  });
}

async function lookup(
  { api, options }: Inspection,
  uri: string,
  match: MatchPolicy | undefined,
): Promise<SubscriptionInfo['id']> {
  const id = await api.subscriptions.lookup(uri, { ...options, ...(match && { match }) });
  if (id === null) throw new UnmetError(`no subscription of ${uri}`);
  return id;
}

function readQuery(given: EventsOptions): HistoryQuery {
  const publication = (name: string, text: string | undefined) =>
    text === undefined ? undefined : parseId(text, `publication (${name})`);
  const query = {
    reverse: given.reverse,
    limit: given.limit === undefined ? undefined : parseCount(given.limit, '--limit'),
    topic: given.topic,
    from_time: readTime(given.fromTime, '--from-time'),
    after_time: readTime(given.afterTime, '--after-time'),
    before_time: readTime(given.beforeTime, '--before-time'),
    until_time: readTime(given.untilTime, '--until-time'),
    from_publication: publication('--from-publication', given.fromPublication),
    after_publication: publication('--after-publication', given.afterPublication),
    before_publication: publication('--before-publication', given.beforePublication),
    until_publication: publication('--until-publication', given.untilPublication),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function readTime(text: string | undefined, place: string): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`${place}: ${JSON.stringify(text)} is no time, such as 2026-01-31T12:00:00Z`);
  return time;
}
