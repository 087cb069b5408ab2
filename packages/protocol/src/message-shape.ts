import { checkDict } from './dict-schema.js';
import { ProtocolError } from './errors.js';
import { isId } from './id.js';
import { MessageCode as C, type MessageCode, messageName } from './message-code.js';
import * as m from './messages.js';
import type { Payload } from './payload.js';
import { type Check, dict, expected, id, text } from './value-check.js';

/** What an element of a message's header is: `zero` is an id that may be 0, `type` the REQUEST.Type of an ERROR. */
export type FieldKind = 'id' | 'zero' | 'uri' | 'string' | 'dict' | 'type';

/** The layout of a message after its code: (type, arity) fixes every element (BP-MSG-06). */
export interface MessageShape {
  readonly code: MessageCode;
  readonly fields: readonly FieldKind[];
  /** How the message's class names each of `fields`. */
  readonly names: readonly string[];
  /** How many of `fields` may be missing at the end; the message then holds `null`. */
  readonly optional: number;
  /** Whether Arguments and ArgumentsKw may follow. */
  readonly payload: boolean;
  /** The message's class: takes the values of `fields`, then the payload where one may follow. */
  readonly type: new (
    ...values: never[]
  ) => m.Message;
}

const requestTypes: readonly unknown[] = [16, 32, 34, 48, 64, 66, 68];

const checks: Readonly<Record<FieldKind, Check>> = {
  id,
  zero: expected('an id in [0, 2^53]', (value) => isId(value) || value === 0),
  uri: text,
  string: text,
  dict,
  type: expected('the type of a request', (value) => requestTypes.includes(value)),
};

function shape<M extends m.Message>(
  code: M['code'],
  type: new (...values: never[]) => M,
  fields: { readonly [Name in keyof M]?: FieldKind },
  options: { payload?: boolean; optional?: number } = {},
): MessageShape {
  const { payload = false, optional = 0 } = options;
  return { code, type, names: Object.keys(fields), fields: Object.values(fields), payload, optional };
}

const withPayload = { payload: true };
const revocable = { optional: 1 };

/* Each message's fields in the order of the wire, which is that of its constructor. */
// biome-ignore format: one row a message type
const rows: readonly MessageShape[] = [
  shape(C.Hello, m.Hello, { realm: 'uri', details: 'dict' }),
  shape(C.Welcome, m.Welcome, { session: 'id', details: 'dict' }),
  shape(C.Abort, m.Abort, { details: 'dict', reason: 'uri' }, withPayload),
  shape(C.Challenge, m.Challenge, { authmethod: 'string', extra: 'dict' }),
  shape(C.Authenticate, m.Authenticate, { signature: 'string', extra: 'dict' }),
  shape(C.Goodbye, m.Goodbye, { details: 'dict', reason: 'uri' }),
  shape(C.Error, m.ErrorMessage, { requestType: 'type', request: 'id', details: 'dict', error: 'uri' }, withPayload),
  shape(C.Publish, m.Publish, { request: 'id', options: 'dict', topic: 'uri' }, withPayload),
  shape(C.Published, m.Published, { request: 'id', publication: 'id' }),
  shape(C.Subscribe, m.Subscribe, { request: 'id', options: 'dict', topic: 'uri' }),
  shape(C.Subscribed, m.Subscribed, { request: 'id', subscription: 'id' }),
  shape(C.Unsubscribe, m.Unsubscribe, { request: 'id', subscription: 'id' }),
  shape(C.Unsubscribed, m.Unsubscribed, { request: 'zero', details: 'dict' }, revocable),
  shape(C.Event, m.Event, { subscription: 'id', publication: 'id', details: 'dict' }, withPayload),
  shape(C.Call, m.Call, { request: 'id', options: 'dict', procedure: 'uri' }, withPayload),
  shape(C.Cancel, m.Cancel, { request: 'id', options: 'dict' }),
  shape(C.Result, m.Result, { request: 'id', details: 'dict' }, withPayload),
  shape(C.Register, m.Register, { request: 'id', options: 'dict', procedure: 'uri' }),
  shape(C.Registered, m.Registered, { request: 'id', registration: 'id' }),
  shape(C.Unregister, m.Unregister, { request: 'id', registration: 'id' }),
  shape(C.Unregistered, m.Unregistered, { request: 'zero', details: 'dict' }, revocable),
  shape(C.Invocation, m.Invocation, { request: 'id', registration: 'id', details: 'dict' }, withPayload),
  shape(C.Interrupt, m.Interrupt, { request: 'id', options: 'dict' }),
  shape(C.Yield, m.Yield, { request: 'id', options: 'dict' }, withPayload),
  shape(C.EventReceived, m.EventReceived, { publication: 'id' }),
];

const shapes: ReadonlyMap<number, MessageShape> = new Map(rows.map((row) => [row.code, row]));

/** The layout of a message type, or `undefined` for a code that WAMP does not define. */
export function messageShape(code: number): MessageShape | undefined {
  return shapes.get(code);
}

/**
 * Makes a message of decoded header values, each checked against its place (BP-PERR-05, BP-PERR-06).
 *
 * @param code the message's first element
 * @param values the decoded elements after the code, without Arguments and ArgumentsKw
 * @param payload what followed them
 * @throws {ProtocolError} naming the message, the element and what it should be
 */
export function createMessage(code: unknown, values: readonly unknown[], payload: Payload): m.Message {
  const row = typeof code === 'number' ? shapes.get(code) : undefined;
  if (row === undefined) throw new ProtocolError(`unknown message type ${describe(code)}`);
  const missing = row.fields.length - values.length;
  if (missing < 0 || missing > row.optional || (!row.payload && payload.count > 0))
    throw new ProtocolError(`${messageName(row.code)}: wrong number of elements`);
  for (const [index, value] of values.entries()) checkField(row, index, value);
  // Not every constructor ends with a payload: after a missing optional field it would be taken for that.
  return row.payload
    ? new row.type(...(values as never[]), payload as never)
    : new row.type(...(values as never[]));
}

/** The elements of a message after its code, without Arguments and ArgumentsKw, and without those missing at the end. */
export function messageValues(message: m.Message): readonly unknown[] {
  const { names } = shapes.get(message.code) as MessageShape;
  const values = names.map((name) => message[name as keyof m.Message] as unknown);
  return values.at(-1) === null ? values.slice(0, -1) : values;
}

function checkField(row: MessageShape, index: number, value: unknown): void {
  const kind = row.fields[index] as FieldKind;
  const wrong = checks[kind](value);
  if (wrong !== null)
    throw new ProtocolError(
      `${messageName(row.code)}: element ${index + 1} must be ${wrong}, not ${describe(value)}`,
    );
  if (kind === 'dict') checkDict(row.code, value as m.Dict);
}

function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return `${String(value)}`.slice(0, 60);
  return Array.isArray(value) ? 'a list' : 'an object';
}
