import type { AuthorizationInfo, AuthorizedAction } from '@wampkit/client/meta';
import type { MatchPolicy } from '@wampkit/protocol';
import { type ActionOptions, checkActionOptions, checkTargets } from '../inspect/action-options.js';
import { type Inspection, inspect } from '../inspect/inspection.js';
import { printRow, printTable } from '../output/print-table.js';
import { parseId } from '../parse-id.js';
import type { VerbContext } from '../run-verb.js';
import { UnmetError } from '../unmet-error.js';
import { UsageError } from '../usage-error.js';

/** What `authorization` was given by name. */
export interface AuthorizationVerbOptions {
  role?: boolean;
  match?: MatchPolicy;
}

/** What `authorization` can do. */
export type AuthorizationAction = 'explain' | 'flush';

const heeded: ActionOptions = { match: ['explain'] };
const actions: readonly AuthorizedAction[] = ['call', 'register', 'publish', 'subscribe'];

/** Tells why something is allowed or denied, or flushes what authorizers said. */
export async function authorization(
  context: VerbContext,
  { action, targets }: { action: AuthorizationAction; targets: readonly string[] },
  given: AuthorizationVerbOptions,
): Promise<void> {
  checkActionOptions(action, given, heeded);
  const isFlush = action === 'flush';
  checkTargets(action, targets, {
    least: isFlush ? 0 : 3,
    most: isFlush ? 1 : Number.POSITIVE_INFINITY,
    what: isFlush ? 'a session or a role' : 'a session or a role, what it would do, and URIs',
  });
  const [first, does, ...uris] = targets;
  const who = first === undefined ? undefined : parseWho(first, given);
  if (who === undefined || does === undefined) {
    await inspect(context, (inspection) => flush(context, inspection, who));
    return;
  }
  const wanted = { who, does: parseAction(does), uris, given };
  await inspect(context, (inspection) => explain(context, inspection, wanted));
}

interface Wanted {
  readonly who: number | string;
  readonly does: AuthorizedAction;
  readonly uris: readonly string[];
  readonly given: AuthorizationVerbOptions;
}

async function explain(
  { printer }: VerbContext,
  { api, options }: Inspection,
  { who, does, uris, given: { match } }: Wanted,
): Promise<void> {
  const rows: AuthorizationInfo[] = [];
  for (const uri of uris) {
    const of = { ...options, ...(match !== undefined && { match }) };
    rows.push(await api.authorization.explain(who, does, uri, of));
  }
  printTable(printer, { rows, key: 'allowed', columns: ['allowed', 'role', 'action', 'uri', 'rule'] });
  const denied = rows.find(({ allowed }) => allowed !== true);
  if (denied !== undefined) throw new UnmetError(describe(denied));
}

async function flush(
  { printer }: VerbContext,
  { api, options }: Inspection,
  who: number | string | undefined,
): Promise<void> {
  printRow(printer, { count: await api.authorization.flushCache(who, options) }, 'count');
}

function describe({ allowed, role, action, uri, rule }: AuthorizationInfo): string {
  const may = allowed === null ? 'is asked about a session that would' : 'says that it may not';
  return `role "${role}": ${rule} ${may} ${action} "${uri}"`;
}

function parseWho(text: string, { role }: AuthorizationVerbOptions): number | string {
  return /^\d+$/.test(text) && role !== true ? parseId(text, 'session') : text;
}

function parseAction(text: string): AuthorizedAction {
  const action = actions.find((one) => one === text);
  if (action === undefined) throw new UsageError(`"${text}" is none of ${actions.join(', ')}`);
  return action;
}
