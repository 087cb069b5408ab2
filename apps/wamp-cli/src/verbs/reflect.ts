import type { DefinedKind } from '@wampkit/client/meta';
import { definedKinds } from '../commands/defined-kinds.js';
import { type ActionOptions, checkActionOptions, checkTargets } from '../inspect/action-options.js';
import { type Inspection, inspect } from '../inspect/inspection.js';
import { type Watch, type WatchOptions, watchEvents } from '../inspect/watch-events.js';
import { printRow, printTable } from '../output/print-table.js';
import type { VerbContext } from '../run-verb.js';
import { UnmetError } from '../unmet-error.js';

/** What `reflect` was given by name. */
export interface ReflectVerbOptions extends WatchOptions {
  kind?: DefinedKind;
}

/** What `reflect` can do. */
export type ReflectAction = 'ls' | 'get' | 'watch';

const heeded: ActionOptions = {
  kind: ['ls', 'get'],
  count: ['watch'],
  for: ['watch'],
  reconnect: ['watch'],
};

const watches: readonly Watch[] = [
  ({ reflection }, tell, options) =>
    reflection.onDefine(({ kind, uri, schema }) => tell('define', { kind, uri, schema }), options),
  ({ reflection }, tell, options) =>
    reflection.onUndefine(({ kind, uri }) => tell('undefine', { kind, uri }), options),
];

/** Shows or watches what is told of procedures, topics and errors. */
export async function reflect(
  context: VerbContext,
  { action, uris }: { action: ReflectAction; uris: readonly string[] },
  given: ReflectVerbOptions,
): Promise<void> {
  checkActionOptions(action, given, heeded);
  const [least, most] = action === 'get' ? [1, Number.POSITIVE_INFINITY] : [0, 0];
  checkTargets(action, uris, { least, most, what: 'URIs' });
  if (action === 'watch') return watchEvents(context, given, { watches, key: 'uri' });
  await inspect(context, (inspection) =>
    action === 'ls' ? list(context, inspection, given) : get(context, inspection, { uris, given }),
  );
}

async function list(
  { printer }: VerbContext,
  { api: { reflection }, options }: Inspection,
  given: ReflectVerbOptions,
): Promise<void> {
  const rows = [];
  for (const kind of given.kind === undefined ? definedKinds : [given.kind])
    for (const uri of await reflection.list(kind, options))
      rows.push({ kind, uri, schema: await reflection.describe(uri, { ...options, kind }) });
  printTable(printer, { rows, key: 'uri', columns: ['kind', 'uri', 'schema'] });
}

async function get(
  { printer }: VerbContext,
  { api: { reflection }, options }: Inspection,
  { uris, given }: { uris: readonly string[]; given: ReflectVerbOptions },
): Promise<void> {
  const { kind } = given;
  for (const uri of uris) {
    const schema = await reflection.describe(uri, { ...options, ...(kind !== undefined && { kind }) });
    if (schema === null) throw new UnmetError(`nothing describes ${uri}`);
    printRow(printer, { uri, schema }, 'schema');
  }
}
