import { ProtocolError } from './errors.js';
import { isId } from './id.js';
import { MessageCode, messageName } from './message-code.js';
import type { Dict } from './messages.js';

/* Known keys of Options, Details and Extra and the type each must have (BP-PERR-06, A5). Keys that are not listed are
   ignored (BP-MSG-03). */

type Check = (value: unknown) => string | null;

const expected =
  (what: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? null : what;

const bool = expected('a bool', (value) => typeof value === 'boolean');
const text = expected('a string', (value) => typeof value === 'string');
const count = expected('a non-negative integer', (value) => isId(value) || value === 0);
const id = expected('an id in [1, 2^53]', isId);
const textOrNull = expected('a string', (value) => value === null || typeof value === 'string');
const ids = expected('a list of ids', (value) => Array.isArray(value) && value.every(isId));
const texts = expected(
  'a list of strings',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
const oneOf = (...words: string[]): Check =>
  expected(`one of ${words.join(', ')}`, (value) => words.includes(value as string));

const roles: Check = (value) => {
  if (!isDict(value)) return 'a dict';
  for (const role of Object.values(value)) {
    if (!isDict(role)) return 'a dict of dicts';
    if (role.features === undefined) continue;
    if (!isDict(role.features)) return 'a dict of roles whose features are dicts';
    if (!Object.values(role.features).every((flag) => typeof flag === 'boolean'))
      return 'a dict of roles whose features are bools';
  }
  return null;
};

type DictSchema = Readonly<Record<string, Check>>;

const passthru: DictSchema = { ppt_scheme: text, ppt_serializer: text, ppt_cipher: text, ppt_keyid: text };
const match = oneOf('exact', 'prefix', 'wildcard');

const schemas: Readonly<Record<number, DictSchema>> = {
  [MessageCode.Hello]: {
    roles,
    agent: text,
    authid: textOrNull,
    authmethods: texts,
    authextra: expected('a dict', (value) => value === null || isDict(value)),
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

/** Whether a decoded value is a dict: an object that is no list, no binary and no other class. */
export function isDict(value: unknown): value is Dict {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

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
