import { checkDict, isDict } from './dict-schema.js';
import { ProtocolError } from './errors.js';
import { isId } from './id.js';
import { MessageCode, messageName, type RequestType } from './message-code.js';
import * as m from './messages.js';
import type { Payload } from './payload.js';

/** What an element of a message's header is: `zero` is an id that may be 0, `type` the REQUEST.Type of an ERROR. */
export type FieldKind = 'id' | 'zero' | 'uri' | 'string' | 'dict' | 'type';

/** The layout of a message after its code: (type, arity) fixes every element (BP-MSG-06). */
export interface MessageShape {
  readonly code: MessageCode;
  readonly fields: readonly FieldKind[];
  /** How many of `fields` may be missing at the end. */
  readonly optional: number;
  /** Whether Arguments and ArgumentsKw may follow. */
  readonly payload: boolean;
  /** Makes the message; values are checked before. */
  create(values: readonly never[], payload: Payload): m.Message;
  /** The header's values in the order of `fields`, without those missing at the end. */
  values(message: never): readonly unknown[];
}

// biome-ignore lint/suspicious/noExplicitAny: each row's tuple is fixed by its own `fields`
type Row = any;

const requestTypes: readonly number[] = [16, 32, 34, 48, 64, 66, 68];

function shape(
  code: MessageCode,
  fields: FieldKind[],
  create: (v: Row, payload: Payload) => m.Message,
  values: (message: Row) => unknown[],
  options: { payload?: boolean; optional?: number } = {},
): MessageShape {
  return { code, fields, create, values, payload: options.payload ?? false, optional: options.optional ?? 0 };
}

const C = MessageCode;
const withPayload = { payload: true };
const revocable = { optional: 1 };

// biome-ignore format: one row a message type
const rows: readonly MessageShape[] = [
  shape(C.Hello, ['uri', 'dict'], (v) => new m.Hello(v[0], v[1]), (x: m.Hello) => [x.realm, x.details]),
  shape(C.Welcome, ['id', 'dict'], (v) => new m.Welcome(v[0], v[1]), (x: m.Welcome) => [x.session, x.details]),
  shape(C.Abort, ['dict', 'uri'], (v, p) => new m.Abort(v[0], v[1], p), (x: m.Abort) => [x.details, x.reason], withPayload),
  shape(C.Challenge, ['string', 'dict'], (v) => new m.Challenge(v[0], v[1]), (x: m.Challenge) => [x.authmethod, x.extra]),
  shape(C.Authenticate, ['string', 'dict'], (v) => new m.Authenticate(v[0], v[1]), (x: m.Authenticate) => [x.signature, x.extra]),
  shape(C.Goodbye, ['dict', 'uri'], (v) => new m.Goodbye(v[0], v[1]), (x: m.Goodbye) => [x.details, x.reason]),
  shape(C.Error, ['type', 'id', 'dict', 'uri'], (v, p) => new m.ErrorMessage(v[0], v[1], v[2], v[3], p), (x: m.ErrorMessage) => [x.requestType, x.request, x.details, x.error], withPayload),
  shape(C.Publish, ['id', 'dict', 'uri'], (v, p) => new m.Publish(v[0], v[1], v[2], p), (x: m.Publish) => [x.request, x.options, x.topic], withPayload),
  shape(C.Published, ['id', 'id'], (v) => new m.Published(v[0], v[1]), (x: m.Published) => [x.request, x.publication]),
  shape(C.Subscribe, ['id', 'dict', 'uri'], (v) => new m.Subscribe(v[0], v[1], v[2]), (x: m.Subscribe) => [x.request, x.options, x.topic]),
  shape(C.Subscribed, ['id', 'id'], (v) => new m.Subscribed(v[0], v[1]), (x: m.Subscribed) => [x.request, x.subscription]),
  shape(C.Unsubscribe, ['id', 'id'], (v) => new m.Unsubscribe(v[0], v[1]), (x: m.Unsubscribe) => [x.request, x.subscription]),
  shape(C.Unsubscribed, ['zero', 'dict'], (v) => new m.Unsubscribed(v[0], v[1] ?? null), (x: m.Unsubscribed) => revocation(x), revocable),
  shape(C.Event, ['id', 'id', 'dict'], (v, p) => new m.Event(v[0], v[1], v[2], p), (x: m.Event) => [x.subscription, x.publication, x.details], withPayload),
  shape(C.Call, ['id', 'dict', 'uri'], (v, p) => new m.Call(v[0], v[1], v[2], p), (x: m.Call) => [x.request, x.options, x.procedure], withPayload),
  shape(C.Cancel, ['id', 'dict'], (v) => new m.Cancel(v[0], v[1]), (x: m.Cancel) => [x.request, x.options]),
  shape(C.Result, ['id', 'dict'], (v, p) => new m.Result(v[0], v[1], p), (x: m.Result) => [x.request, x.details], withPayload),
  shape(C.Register, ['id', 'dict', 'uri'], (v) => new m.Register(v[0], v[1], v[2]), (x: m.Register) => [x.request, x.options, x.procedure]),
  shape(C.Registered, ['id', 'id'], (v) => new m.Registered(v[0], v[1]), (x: m.Registered) => [x.request, x.registration]),
  shape(C.Unregister, ['id', 'id'], (v) => new m.Unregister(v[0], v[1]), (x: m.Unregister) => [x.request, x.registration]),
  shape(C.Unregistered, ['zero', 'dict'], (v) => new m.Unregistered(v[0], v[1] ?? null), (x: m.Unregistered) => revocation(x), revocable),
  shape(C.Invocation, ['id', 'id', 'dict'], (v, p) => new m.Invocation(v[0], v[1], v[2], p), (x: m.Invocation) => [x.request, x.registration, x.details], withPayload),
  shape(C.Interrupt, ['id', 'dict'], (v) => new m.Interrupt(v[0], v[1]), (x: m.Interrupt) => [x.request, x.options]),
  shape(C.Yield, ['id', 'dict'], (v, p) => new m.Yield(v[0], v[1], p), (x: m.Yield) => [x.request, x.options], withPayload),
  shape(C.EventReceived, ['id'], (v) => new m.EventReceived(v[0]), (x: m.EventReceived) => [x.publication]),
];

function revocation(message: m.Unsubscribed | m.Unregistered): unknown[] {
  return message.details === null ? [message.request] : [message.request, message.details];
}

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
  return row.create(values as never[], payload);
}

/** The elements of a message after its code, without Arguments and ArgumentsKw. */
export function messageValues(message: m.Message): readonly unknown[] {
  return (shapes.get(message.code) as MessageShape).values(message as never);
}

function checkField(row: MessageShape, index: number, value: unknown): void {
  const kind = row.fields[index] as FieldKind;
  const wrong = fieldFault(kind, value);
  if (wrong !== null)
    throw new ProtocolError(
      `${messageName(row.code)}: element ${index + 1} must be ${wrong}, not ${describe(value)}`,
    );
  if (kind === 'dict') checkDict(row.code, value as m.Dict);
}

function fieldFault(kind: FieldKind, value: unknown): string | null {
  switch (kind) {
    case 'id':
      return isId(value) ? null : 'an id in [1, 2^53]';
    case 'zero':
      return isId(value) || value === 0 ? null : 'an id in [0, 2^53]';
    case 'type':
      return requestTypes.includes(value as RequestType) ? null : 'the type of a request';
    case 'dict':
      return isDict(value) ? null : 'a dict';
    default:
      return typeof value === 'string' ? null : 'a string';
  }
}

function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return `${String(value)}`.slice(0, 60);
  return Array.isArray(value) ? 'a list' : 'an object';
}
