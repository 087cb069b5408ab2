import { type Dict, ErrorUri, isDict, isReservedUri } from '@wampkit/protocol';
import { denial } from '../authorization/denial.js';
import { valueSize } from '../event-store/payload-size.js';
import type { Realm } from '../realm/realm.js';
import type { DefinedKind, Definition } from '../reflection/definitions.js';
import { decideProvision, isKnownToUse, mayUse, type Provision } from '../reflection/visibility.js';
import { invalidUri, type Refusal, reservedUri } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type Answer, answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

/**
 * Reflection (REFL-01): what callees and publishers tell of their procedures, topics and errors. The specification names
 * the procedures and leaves their arguments open; `define(uri, schema)` and `describe(uri?)` are as Crossbar has them.
 * A caller is told of what it may call or subscribe to; anything else is to it as if it were not there.
 */
export function reflectionProcedures(realm: Realm): Procedures {
  return {
    'wamp.reflect.define': (call) => define(realm, call),
    'wamp.reflect.describe': (call) => describeAny(realm, call),
    'wamp.reflection.topic.list': (call) => list(realm, 'topic', call),
    'wamp.reflection.topic.describe': (call) => describe(realm, ['topic'], call),
    'wamp.reflection.procedure.list': (call) => list(realm, 'procedure', call),
    'wamp.reflection.procedure.describe': (call) => describe(realm, ['procedure'], call),
    'wamp.reflection.error.list': (call) => list(realm, 'error', call),
    'wamp.reflection.error.describe': (call) => describe(realm, ['error'], call),
  };
}

const allKinds: readonly DefinedKind[] = ['procedure', 'topic', 'error'];

/** What is to be defined, or taken back. */
interface Wanted {
  readonly uri: string;
  /** `null`: not said. */
  readonly kind: DefinedKind | null;
}

/* Answers whether the URI is described now where it was not before. */
async function define(realm: Realm, call: MetaCall): Promise<Answer> {
  const { args, kwargs, caller } = call;
  const [uri, schema] = args;
  const { kind = null } = kwargs;
  if (typeof uri !== 'string') return invalidArgument('uri must be a string');
  if (kind !== null && !isKind(kind)) return invalidArgument(`kind must be one of ${allKinds.join(', ')}`);
  if (caller === null) return noSession;
  if (schema === null) return undefine(realm, caller, { uri, kind });
  if (!isDict(schema)) return invalidArgument('schema must be a dict, or null to take a definition back');
  const kinds = await kindsToDefine(realm, caller, { uri, kind });
  if ('uri' in kinds) return kinds;
  if (realm.sessions.get(caller.id) !== caller) return noSession; // it left while an authorizer was asked
  return defineAs(realm, caller, { uri, kinds, schema });
}

function defineAs(
  realm: Realm,
  caller: Session,
  { uri, kinds, schema }: { uri: string; kinds: readonly DefinedKind[]; schema: Dict },
): Answer {
  const size = uri.length + valueSize(schema) + OVERHEAD;
  const definitions = kinds.map((kind) => ({ kind, uri, schema, size }));
  const changes = realm.definitions.define(caller, definitions);
  if (changes === null) return full;
  for (const change of changes) realm.meta.redefined(change);
  return answer(changes.some(({ former }) => former === null));
}

/* Answers whether there was anything to take back. */
function undefine(realm: Realm, caller: Session, { uri, kind }: Wanted): Answer {
  const kinds = kind === null ? allKinds : [kind];
  const changes = kinds
    .map((each) => realm.definitions.undefine(caller, each, uri))
    .filter((change) => change !== null);
  for (const change of changes) realm.meta.redefined(change);
  return answer(changes.length > 0);
}

/* Who may register a procedure, or publish to a topic, may define it; without a kind, as what it may. */
async function kindsToDefine(
  realm: Realm,
  caller: Session,
  { uri, kind }: Wanted,
): Promise<readonly DefinedKind[] | Refusal> {
  const fault = realm.rules.patternFault(uri, 'exact');
  if (fault !== '') return invalidUri(uri, fault);
  if (isReservedUri(uri)) return reservedUri(uri);
  const asked: readonly DefinedKind[] = kind === null ? ['procedure', 'topic'] : [kind];
  const provisions = await Promise.all(asked.map((each) => decideProvision(caller, each, uri)));
  const kinds = asked.filter((_, index) => provisions[index]?.decision.allowed);
  return kinds.length > 0 ? kinds : denial(realm, caller, { uri, ...(provisions[0] as Provision) });
}

/* Registered procedures are told of too: that somebody subscribes does not say that anybody publishes. */
function list(realm: Realm, kind: DefinedKind, { caller }: MetaCall): Answer {
  const uris = new Set(realm.definitions.uris(kind));
  if (kind === 'procedure')
    for (const { procedure, match } of realm.dealer.registry.all())
      if (match === 'exact' && !isReservedUri(procedure)) uris.add(procedure);
  return answer([...uris].filter((uri) => caller === null || isKnownToUse(caller, kind, uri)));
}

async function describe(
  realm: Realm,
  kinds: readonly DefinedKind[],
  { args: [uri], caller }: MetaCall,
): Promise<Answer> {
  if (typeof uri !== 'string') return invalidArgument('uri must be a string');
  for (const kind of kinds) {
    const definition = realm.definitions.get(kind, uri);
    if (definition !== null && (caller === null || (await mayUse(caller, kind, uri))))
      return answer(definition.schema);
  }
  return answer(null);
}

function describeAny(realm: Realm, call: MetaCall): Answer | Promise<Answer> {
  const [uri = null] = call.args;
  if (uri !== null) return describe(realm, allKinds, call);
  const { caller } = call;
  const schemas = new Map<string, Dict>();
  for (const kind of allKinds)
    for (const each of realm.definitions.uris(kind))
      if (!schemas.has(each) && (caller === null || isKnownToUse(caller, kind, each)))
        schemas.set(each, (realm.definitions.get(kind, each) as Definition).schema);
  return answer(Object.fromEntries(schemas));
}

function isKind(value: unknown): value is DefinedKind {
  return allKinds.some((kind) => kind === value);
}

const noSession: Refusal = {
  uri: ErrorUri.NoSuchSession,
  text: 'only a session that joined defines anything',
};

const full: Refusal = {
  uri: ErrorUri.Unavailable,
  text: 'too many definitions, or too large ones, of this session or in this realm',
};

/* About what the objects of a definition take, in bytes. */
const OVERHEAD = 200;
