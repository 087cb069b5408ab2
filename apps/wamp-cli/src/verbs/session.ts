import { ErrorUri } from '@wampkit/protocol';
import { type ActionOptions, checkActionOptions, checkTargets } from '../inspect/action-options.js';
import { askEach, type Inspection, inspect } from '../inspect/inspection.js';
import { type Watch, type WatchOptions, watchEvents } from '../inspect/watch-events.js';
import { printRow, printTable } from '../output/print-table.js';
import { parseId } from '../parse-id.js';
import type { VerbContext } from '../run-verb.js';
import { UsageError } from '../usage-error.js';

/** What `session` was given by name. */
export interface SessionVerbOptions extends WatchOptions {
  role?: readonly string[];
  reason?: string;
  message?: string;
  byAuthid?: string;
  byAuthrole?: string;
  all?: boolean;
}

/** What `session` can do. */
export type SessionAction = 'ls' | 'get' | 'count' | 'kill' | 'watch';

const heeded: ActionOptions = {
  role: ['ls', 'count'],
  reason: ['kill'],
  message: ['kill'],
  byAuthid: ['kill'],
  byAuthrole: ['kill'],
  all: ['kill'],
  count: ['watch'],
  for: ['watch'],
  reconnect: ['watch'],
};

const key = 'session';
const columns = ['session', 'authid', 'authrole', 'authmethod', 'authprovider'];
const watches: readonly Watch[] = [
  ({ sessions }, tell, options) => sessions.onJoin((session) => tell('join', session), options),
  ({ sessions }, tell, options) => sessions.onLeave((session) => tell('leave', { ...session }), options),
];

/** Shows, counts, ends or watches the sessions of the realm. */
export async function session(
  context: VerbContext,
  { action, targets }: { action: SessionAction; targets: readonly string[] },
  given: SessionVerbOptions,
): Promise<void> {
  checkActionOptions(action, given, heeded);
  const takesIds = action === 'get' || action === 'kill';
  checkTargets(action, targets, {
    least: action === 'get' ? 1 : 0,
    most: takesIds ? Number.POSITIVE_INFINITY : 0,
    what: 'ids of sessions',
  });
  const ids = targets.map((target) => parseId(target, 'session'));
  if (action === 'watch') return watchEvents(context, given, { watches, key });
  if (action === 'kill') checkVictims(ids, given);
  await inspect(context, (inspection) => perform(context, inspection, { action, ids, given }));
}

interface Work {
  readonly action: Exclude<SessionAction, 'watch'>;
  readonly ids: readonly number[];
  readonly given: SessionVerbOptions;
}

async function perform(context: VerbContext, inspection: Inspection, work: Work): Promise<void> {
  const { printer } = context;
  const { action, ids, given } = work;
  const { api, options } = inspection;
  const select = { ...options, ...(given.role && { authroles: given.role }) };
  if (action === 'ls') {
    const get = (id: number) => api.sessions.get(id, options);
    const rows = await askEach(await api.sessions.list(select), get, ErrorUri.NoSuchSession);
    printTable(printer, { rows, key, columns });
  } else if (action === 'count') {
    printRow(printer, { count: await api.sessions.count(select) }, 'count');
  } else if (action === 'get') {
    for (const id of ids) printRow(printer, await api.sessions.get(id, options), key);
  } else await kill(context, inspection, work);
}

async function kill(
  { printer }: VerbContext,
  { api: { sessions }, options }: Inspection,
  { ids, given }: Work,
): Promise<void> {
  const { reason, message, byAuthid, byAuthrole } = given;
  const words = {
    ...options,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
  if (given.all === true) printRow(printer, { count: await sessions.killAll(words) }, 'count');
  else if (byAuthrole !== undefined)
    printRow(printer, { count: await sessions.killByAuthrole(byAuthrole, words) }, 'count');
  else if (byAuthid !== undefined)
    for (const id of await sessions.killByAuthid(byAuthid, words)) printRow(printer, { session: id }, key);
  else
    for (const id of ids) {
      await sessions.kill(id, words);
      printRow(printer, { session: id }, key);
    }
}

function checkVictims(ids: readonly number[], { byAuthid, byAuthrole, all }: SessionVerbOptions): void {
  const chosen = [ids.length > 0, byAuthid !== undefined, byAuthrole !== undefined, all === true];
  if (chosen.filter(Boolean).length === 1) return;
  throw new UsageError('kill needs ids of sessions, --by-authid, --by-authrole or --all: one of them');
}
