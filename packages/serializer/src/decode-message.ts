import {
  createMessage,
  type Message,
  type MessageShape,
  messageName,
  messageShape,
  Payload,
  ProtocolError,
  type Serializer,
} from '@wampkit/protocol';
import type { DictCache } from './dict-cache.js';

/** No message has more elements: ERROR with Arguments and ArgumentsKw. */
export const MAX_ELEMENTS = 7;

/** What an element of a message is, as far as placing it needs to know. */
export type ElementKind = 'list' | 'dict' | 'binary' | 'other';

/** What the cold way needs of a serializer. */
export interface MessageFormat {
  /**
   * Where the elements of a message are: starts and ends in turn. All of the message is validated, and elements
   * beyond `MAX_ELEMENTS` are left out but for one that tells of them.
   *
   * @throws {ProtocolError} when the bytes are no well-formed list, or more than that
   */
  elements(bytes: Uint8Array, start: number, end: number): readonly number[];
  kind(bytes: Uint8Array, start: number, end: number): ElementKind;
  isEmpty(bytes: Uint8Array, start: number, end: number): boolean;
  /** The value of a header's element other than a dict. */
  headerValue(bytes: Uint8Array, start: number, end: number): unknown;
  readonly dicts: DictCache;
}

/** From this code on, dicts are worth keeping: those of HELLO to GOODBYE come once in a session. */
const FIRST_CACHED_CODE = 8;

/**
 * The cold way of decoding: any well-formed message in any form that its serializer has, and the exact error for what
 * is none. It finds the elements first, then decodes those of the header; the payload stays bytes as on the hot way.
 */
export function decodeMessage(
  format: MessageFormat,
  serializer: Serializer,
  range: { bytes: Uint8Array; start: number; end: number },
): Message {
  const { bytes } = range;
  const at = format.elements(bytes, range.start, range.end);
  const count = at.length / 2;
  if (count === 0) throw new ProtocolError('a message must not be an empty list');
  const code = format.headerValue(bytes, at[0] as number, at[1] as number);
  const shape = typeof code === 'number' ? messageShape(code) : undefined;
  if (shape === undefined) return createMessage(code, [], Payload.empty);
  checkCount(shape, count - 1);
  const header = Math.min(shape.fields.length, count - 1);
  const values: unknown[] = [];
  for (let n = 1; n <= header; n++) {
    const [start, end] = [at[2 * n] as number, at[2 * n + 1] as number];
    values.push(
      shape.fields[n - 1] === 'dict'
        ? headerDict(format, shape.code, { bytes, start, end })
        : format.headerValue(bytes, start, end),
    );
  }
  const payload = payloadOf(format, serializer, {
    bytes,
    at: at.slice(2 * header + 2),
    code: shape.code,
    values,
  });
  return createMessage(code, values, payload);
}

function checkCount(shape: MessageShape, count: number): void {
  const most = shape.fields.length + (shape.payload ? 2 : 0);
  if (count < shape.fields.length - shape.optional || count > most)
    throw new ProtocolError(`${messageName(shape.code)}: wrong number of elements`);
}

function headerDict(
  format: MessageFormat,
  code: number,
  range: { bytes: Uint8Array; start: number; end: number },
): unknown {
  const { bytes, start, end } = range;
  const kind = format.kind(bytes, start, end);
  // createMessage makes the error for what is no dict.
  if (kind !== 'dict') return kind === 'list' ? [] : format.headerValue(bytes, start, end);
  if (code < FIRST_CACHED_CODE) return format.dicts.decode(code, bytes, start, end);
  return format.dicts.get(code, bytes, start, end);
}

function payloadOf(
  format: MessageFormat,
  serializer: Serializer,
  tail: { bytes: Uint8Array; at: readonly number[]; code: number; values: readonly unknown[] },
): Payload {
  const { bytes, at, code } = tail;
  if (at.length === 0) return Payload.empty;
  const [start, end, kwargsStart, kwargsEnd] = at as [number, number, number?, number?];
  const kind = format.kind(bytes, start, end);
  if (kind === 'binary' && kwargsStart === undefined && isOpaque(tail.values))
    return Payload.borrowBinary(serializer, bytes, start, end);
  if (kind !== 'list') throw new ProtocolError(`${messageName(code)}: Arguments must be a list`);
  if (kwargsStart !== undefined && kwargsEnd !== undefined) {
    if (format.kind(bytes, kwargsStart, kwargsEnd) !== 'dict')
      throw new ProtocolError(`${messageName(code)}: ArgumentsKw must be a dict`);
    if (!format.isEmpty(bytes, kwargsStart, kwargsEnd))
      return Payload.borrow(serializer, bytes, start, kwargsEnd, 2);
  }
  // BP-MSG-02
  if (format.isEmpty(bytes, start, end)) return Payload.empty;
  return Payload.borrow(serializer, bytes, start, end, 1);
}

/** Whether a message's dict says that its payload is opaque: one bare binary may then stand for Arguments (A18). */
function isOpaque(values: readonly unknown[]): boolean {
  return values.some((value) => {
    if (typeof value !== 'object' || value === null) return false;
    const dict = value as Record<string, unknown>;
    return typeof dict.enc_algo === 'string' || typeof dict.ppt_scheme === 'string';
  });
}
