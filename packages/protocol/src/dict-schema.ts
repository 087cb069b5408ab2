import { ProtocolError } from './errors.js';
import { isId } from './id.js';
import { MessageCode, messageName } from './message-code.js';
import type { Dict } from './messages.js';
import { type Check, expected, id, isDict, text } from './value-check.js';

/* Known keys of Options, Details and Extra and the type each must have (BP-PERR-06, A5). Keys that are not listed are
   ignored (BP-MSG-03). */

const isBool = (value: unknown) => typeof value === 'boolean';
const isText = (value: unknown) => typeof value === 'string';

const bool = expected('a bool', isBool);
const count = expected('a non-negative integer', (value) => isId(value) || value === 0);
const textOrNull = expected('a string', (value) => value === null || isText(value));
const dictOrNull = expected('a dict', (value) => value === null || isDict(value));
const ids = expected('a list of ids', (value) => Array.isArray(value) && value.every(isId));
const texts = expected('a list of strings', (value) => Array.isArray(value) && value.every(isText));
const oneOf = (...words: string[]): Check =>
  expected(`one of ${words.join(', ')}`, (value) => words.includes(value as string));

const roles = expected('a dict of roles, dicts whose features are a dict of bools', (value) =>
  isDictOf(value, (role) => isDict(role) && (role.features === undefined || isDictOf(role.features, isBool))),
);

function isDictOf(value: unknown, test: (item: unknown) => boolean): boolean {
  return isDict(value) && Object.values(value).every(test);
}

type DictSchema = Readonly<Record<string, Check>>;

const passthru: DictSchema = { ppt_scheme: text, ppt_serializer: text, ppt_cipher: text, ppt_keyid: text };
const match = oneOf('exact', 'prefix', 'wildcard');

const schemas: Readonly<Record<number, DictSchema>> = {
  [MessageCode.Hello]: {
    roles,
    agent: text,
    authid: textOrNull,
    authmethods: texts,
    authextra: dictOrNull,
  },
  [MessageCode.Welcome]: {
    roles,
    agent: text,
    authid: textOrNull,
    authrole: textOrNull,
    authmethod: textOrNull,
  },
  [MessageCode.Abort]: { message: text },
  [MessageCode.Goodbye]: { message: text },
  [MessageCode.Publish]: {
    ...passthru,
    acknowledge: bool,
    exclude_me: bool,
    disclose_me: bool,
    retain: bool,
    exclude: ids,
    exclude_authid: texts,
    exclude_authrole: texts,
    eligible: ids,
    eligible_authid: texts,
    eligible_authrole: texts,
    rkey: text,
  },
  [MessageCode.Subscribe]: { match, get_retained: bool, nkey: text },
  [MessageCode.Event]: {
    ...passthru,
    topic: text,
    publisher: id,
    publisher_authid: text,
    publisher_authrole: text,
    trustlevel: count,
    retained: bool,
  },
  [MessageCode.Call]: {
    ...passthru,
    receive_progress: bool,
    progress: bool,
    timeout: count,
    disclose_me: bool,
    rkey: text,
    runmode: text,
  },
  [MessageCode.Cancel]: { mode: oneOf('skip', 'kill', 'killnowait') },
  [MessageCode.Result]: { ...passthru, progress: bool },
  [MessageCode.Register]: {
    match,
    invoke: oneOf('single', 'first', 'last', 'roundrobin', 'random'),
    concurrency: count,
    disclose_caller: bool,
    force_reregister: bool,
    forward_timeout: bool,
  },
  [MessageCode.Invocation]: {
    ...passthru,
    caller: id,
    caller_authid: text,
    caller_authrole: text,
    procedure: text,
    receive_progress: bool,
    progress: bool,
    timeout: count,
    trustlevel: count,
  },
  [MessageCode.Interrupt]: { mode: text, reason: text },
  [MessageCode.Yield]: { ...passthru, progress: bool },
  [MessageCode.Error]: passthru,
};

const none: DictSchema = {};

/**
 * Checks the known keys of a message's dict for their types.
 *
 * @param code the message's type
 * @throws {ProtocolError} naming message, key and what it should be
 */
export function checkDict(code: number, value: Dict): void {
  const schema = schemas[code] ?? none;
  for (const key in value) {
    const check = Object.hasOwn(schema, key) ? (schema[key] as Check) : undefined;
    const wrong = check?.(value[key]) ?? null;
    if (wrong !== null) throw new ProtocolError(`${messageName(code)}: "${key}" must be ${wrong}`);
  }
}

/** The keys that the specification gives a message's dict, in no order that means something. */
export function dictKeys(code: number): readonly string[] {
  return Object.keys(schemas[code] ?? none);
}
