import type { RegistrationMeta, SubscriptionMeta } from '@wampkit/client/meta';
import { ErrorUri } from '@wampkit/protocol';
import { type ActionOptions, checkActionOptions, checkTargets } from '../inspect/action-options.js';
import { askEach, type Inspection, inspect } from '../inspect/inspection.js';
import { type Watch, type WatchOptions, watchEvents } from '../inspect/watch-events.js';
import { printRow, printTable, type Row } from '../output/print-table.js';
import { parseId } from '../parse-id.js';
import type { VerbContext } from '../run-verb.js';
import { UnmetError } from '../unmet-error.js';
import { type EventsOptions, eventsOptionNames, subscriptionEvents } from './subscription-events.js';

/** What `registration` and `subscription` were given by name. */
export interface EntryVerbOptions extends WatchOptions, EventsOptions {
  reason?: string;
}

/** What can be asked about registrations and subscriptions alike. */
export interface EntryWords {
  readonly kind: 'registration' | 'subscription';
  /** What its holders are called: the action that lists them, and the column that counts them. */
  readonly holders: 'callees' | 'subscribers';
}

/** The part of the meta API that a verb is about, by words that both parts share. */
interface Entries {
  readonly api: RegistrationMeta | SubscriptionMeta;
  readonly match: (uri: string) => Promise<readonly number[]>;
  readonly holders: (id: number) => Promise<readonly number[]>;
  readonly countHolders: (id: number) => Promise<number>;
  readonly remove: (id: number, session: number, reason: string | undefined) => Promise<void>;
}

interface Work {
  readonly words: EntryWords;
  readonly action: string;
  readonly targets: readonly string[];
  readonly given: EntryVerbOptions;
}

const key = 'id';
const eventsOptions: ActionOptions = Object.fromEntries(eventsOptionNames.map((name) => [name, ['events']]));
const heeded: ActionOptions = {
  ...eventsOptions,
  reason: ['kill'],
  count: ['watch'],
  for: ['watch'],
  reconnect: ['watch'],
};

/** Shows, finds, takes away or watches the registrations or subscriptions of the realm. */
export async function entry(context: VerbContext, work: Work): Promise<void> {
  const { words, action, targets, given } = work;
  const match = words.kind === 'subscription' ? ['lookup', 'events'] : ['lookup'];
  checkActionOptions(action, given, { ...heeded, match });
  const { least, most, what } = targetsOf(work);
  checkTargets(action, targets, { least, most, what });
  if (action === 'events') return subscriptionEvents(context, targets[0] as string, given);
  if (action === 'watch') return watchEvents(context, given, { watches: watchesOf(words), key });
  const ids = what === 'a URI' ? [] : readIds(work);
  await inspect(context, (inspection) =>
    perform(context, entriesOf(words, inspection), { ...work, ids, inspection }),
  );
}

function targetsOf({ words, action }: Work): { least: number; most: number; what: string } {
  if (action === 'ls' || action === 'watch') return { least: 0, most: 0, what: 'nothing' };
  if (action === 'lookup' || action === 'match') return { least: 1, most: 1, what: 'a URI' };
  if (action === 'events') return { least: 1, most: 1, what: 'the id or the URI of a subscription' };
  if (action === words.holders) return { least: 1, most: 1, what: `the id of a ${words.kind}` };
  const rest = action === 'kill' ? ', and sessions' : 's';
  return { least: 1, most: Number.POSITIVE_INFINITY, what: `the id of a ${words.kind}${rest}` };
}

function readIds({ words, action, targets }: Work): number[] {
  return targets.map((target, index) =>
    parseId(target, action === 'kill' && index > 0 ? 'session' : words.kind),
  );
}

interface Performance extends Work {
  readonly ids: readonly number[];
  readonly inspection: Inspection;
}

async function perform(context: VerbContext, entries: Entries, work: Performance): Promise<void> {
  const { printer } = context;
  const { action, words, ids, inspection } = work;
  if (action === 'ls') {
    const { exact, prefix, wildcard } = await entries.api.list(inspection.options);
    const rows = await describe([...exact, ...prefix, ...wildcard], entries, work);
    printTable(printer, { rows, key, columns: columnsOf(words) });
  } else if (action === 'get')
    for (const id of ids) printRow(printer, await entries.api.get(id, inspection.options), key);
  else if (action === 'lookup' || action === 'match') await find(context, entries, work);
  else if (action === words.holders)
    for (const session of await entries.holders(ids[0] as number)) printRow(printer, { session }, 'session');
  else await kill(context, entries, work);
}

function describe(ids: readonly number[], entries: Entries, work: Performance): Promise<Row[]> {
  const { words, inspection } = work;
  const ask = async (id: number): Promise<Row> => {
    const [info, count] = await Promise.all([
      entries.api.get(id, inspection.options),
      entries.countHolders(id),
    ]);
    return { ...info, [words.holders]: count };
  };
  return askEach(ids, ask, goneOf(words));
}

async function find({ printer }: VerbContext, entries: Entries, work: Performance): Promise<void> {
  const { action, words, targets, given, inspection } = work;
  const uri = targets[0] as string;
  const { match } = given;
  const looked =
    action === 'lookup' &&
    (await entries.api.lookup(uri, { ...inspection.options, ...(match && { match }) }));
  const ids = action === 'match' ? await entries.match(uri) : typeof looked === 'number' ? [looked] : [];
  const rows = await describe(ids, entries, work);
  if (rows.length === 0)
    throw new UnmetError(`no ${words.kind} ${action === 'match' ? 'matches' : 'of'} ${uri}`);
  printTable(printer, { rows, key, columns: columnsOf(words) });
}

/* Without sessions it is taken from all who hold it. */
async function kill({ printer }: VerbContext, entries: Entries, work: Performance): Promise<void> {
  const [id, ...sessions] = work.ids as [number, ...number[]];
  for (const session of sessions.length > 0 ? sessions : await entries.holders(id)) {
    await entries.remove(id, session, work.given.reason);
    printRow(printer, { id, session }, 'session');
  }
}

function entriesOf({ kind }: EntryWords, { api, options }: Inspection): Entries {
  const withReason = (reason: string | undefined) => ({
    ...options,
    ...(reason !== undefined && { reason }),
  });
  if (kind === 'subscription') {
    const { subscriptions } = api;
    return {
      api: subscriptions,
      match: (uri) => subscriptions.match(uri, options),
      holders: (id) => subscriptions.subscribers(id, options),
      countHolders: (id) => subscriptions.subscriberCount(id, options),
      remove: (id, session, reason) => subscriptions.removeSubscriber(id, session, withReason(reason)),
    };
  }
  const { registrations } = api;
  return {
    api: registrations,
    match: async (uri) => [await registrations.match(uri, options)].filter((id) => id !== null),
    holders: (id) => registrations.callees(id, options),
    countHolders: (id) => registrations.calleeCount(id, options),
    remove: (id, session, reason) => registrations.removeCallee(id, session, withReason(reason)),
  };
}

function columnsOf({ kind, holders }: EntryWords): string[] {
  return ['id', 'match', ...(kind === 'registration' ? ['invoke'] : []), holders, 'created', 'uri'];
}

function goneOf({ kind }: EntryWords): string {
  return kind === 'registration' ? ErrorUri.NoSuchRegistration : ErrorUri.NoSuchSubscription;
}

function watchesOf({ kind }: EntryWords): readonly Watch[] {
  const part = `${kind}s` as const;
  const common: Watch[] = [
    (api, tell, options) =>
      api[part].onCreate((session, info) => tell('create', { session, ...info }), options),
    (api, tell, options) => api[part].onDelete((session, id) => tell('delete', { session, id }), options),
  ];
  if (kind === 'registration')
    return [
      ...common,
      ({ registrations }, tell, options) =>
        registrations.onRegister((session, id) => tell('register', { session, id }), options),
      ({ registrations }, tell, options) =>
        registrations.onUnregister((session, id) => tell('unregister', { session, id }), options),
    ];
  return [
    ...common,
    ({ subscriptions }, tell, options) =>
      subscriptions.onSubscribe((session, id) => tell('subscribe', { session, id }), options),
    ({ subscriptions }, tell, options) =>
      subscriptions.onUnsubscribe((session, id) => tell('unsubscribe', { session, id }), options),
  ];
}
