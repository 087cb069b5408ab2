import { type Dict, ErrorUri, isDict, isReservedUri } from '@wampkit/protocol';
import { denial } from '../authorization/authorization.js';
import { valueSize } from '../event-store/payload-size.js';
import type { Realm } from '../realm/realm.js';
import type { DefinedKind } from '../reflection/definitions.js';
import { mayProvide, mayUse } from '../reflection/visibility.js';
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
    'wamp.reflection.topic.describe': (call) => describe(realm, 'topic', call),
    'wamp.reflection.procedure.list': (call) => list(realm, 'procedure', call),
    'wamp.reflection.procedure.describe': (call) => describe(realm, 'procedure', call),
    'wamp.reflection.error.list': (call) => list(realm, 'error', call),
    'wamp.reflection.error.describe': (call) => describe(realm, 'error', call),
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
function define(realm: Realm, { args: [uri, schema], kwargs: { kind = null }, caller }: MetaCall): Answer {
  if (typeof uri !== 'string') return invalidArgument('uri must be a string');
  if (kind !== null && !isKind(kind)) return invalidArgument(`kind must be one of ${allKinds.join(', ')}`);
  if (caller === null) return noSession;
  if (schema === null) return undefine(realm, caller, { uri, kind });
  if (!isDict(schema)) return invalidArgument('schema must be a dict, or null to take a definition back');
  const refusal = defineRefusal(realm, caller, { uri, kind });
  if (refusal !== null) return refusal;
  const size = uri.length + valueSize(schema) + OVERHEAD;
  const kinds = kindsToDefine(caller, { uri, kind });
  const definitions = kinds.map((each) => ({ kind: each, uri, schema, size }));
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

/* A URI that is used as a procedure and one that is used as a topic are of one namespace (BP-URI-01). */
function kindsToDefine(caller: Session, { uri, kind }: Wanted): readonly DefinedKind[] {
  const asked: readonly DefinedKind[] = kind === null ? ['procedure', 'topic'] : [kind];
  return asked.filter((each) => mayProvide(caller, each, uri));
}

/* Who may register a procedure, or publish to a topic, may define it. */
function defineRefusal(realm: Realm, caller: Session, wanted: Wanted): Refusal | null {
  const { uri, kind } = wanted;
  const fault = realm.rules.patternFault(uri, 'exact');
  if (fault !== '') return invalidUri(uri, fault);
  if (isReservedUri(uri)) return reservedUri(uri);
  if (kindsToDefine(caller, wanted).length > 0) return null;
  const action = kind === 'topic' ? 'publish' : 'register';
  return denial(realm, caller, { action, uri, decision: caller.permissions.decide(action, uri) });
}

/* Registered procedures are told of too: that somebody subscribes does not say that anybody publishes. */
function list(realm: Realm, kind: DefinedKind, { caller }: MetaCall): Answer {
  const uris = new Set(realm.definitions.uris(kind));
  if (kind === 'procedure')
    for (const { procedure, match } of realm.dealer.registry.all())
      if (match === 'exact' && !isReservedUri(procedure)) uris.add(procedure);
  return answer([...uris].filter((uri) => caller === null || mayUse(caller, kind, uri)));
}

function describe(realm: Realm, kind: DefinedKind, { args: [uri], caller }: MetaCall): Answer {
  if (typeof uri !== 'string') return invalidArgument('uri must be a string');
  return answer(schemaOf(realm, uri, { kinds: [kind], caller }));
}

function describeAny(realm: Realm, { args: [uri = null], caller }: MetaCall): Answer {
  if (typeof uri === 'string') return answer(schemaOf(realm, uri, { kinds: allKinds, caller }));
  if (uri !== null) return invalidArgument('uri must be a string, or absent for all');
  const uris = new Set(allKinds.flatMap((kind) => [...realm.definitions.uris(kind)]));
  const schemas = [...uris].map(
    (each) => [each, schemaOf(realm, each, { kinds: allKinds, caller })] as const,
  );
  return answer(Object.fromEntries(schemas.filter(([, schema]) => schema !== null)));
}

function schemaOf(
  realm: Realm,
  uri: string,
  { kinds, caller }: { readonly kinds: readonly DefinedKind[]; readonly caller: Session | null },
): Dict | null {
  for (const kind of kinds) {
    const definition = realm.definitions.get(kind, uri);
    if (definition !== null && (caller === null || mayUse(caller, kind, uri))) return definition.schema;
  }
  return null;
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
