import { type Args, isDict, type Kwargs, Payload, type Serializer } from '@wampkit/protocol';
import type { PayloadInput } from '../options.js';
import { decodeItem, encodeItem, payloadError } from './packed-item.js';
import type { PassthruOptions } from './passthru-options.js';

/** How the payloads of one conversation are packed. */
export interface Packing {
  /** What Options of the first message say. */
  readonly attributes: PassthruOptions;
  /** @throws {WampError} when it cannot be packed */
  pack(payload: Payload): Payload;
}

/** Decides how payloads are packed, and reads those that are. */
export interface Packer {
  /**
   * How payloads for a URI are packed; `null`: they are not.
   *
   * @param asked what the application, or the message that is answered, says
   * @throws {WampError} when that is not possible
   */
  choose(uri: string, asked: PassthruOptions | null): Packing | null;
  /**
   * The payload within one that was received.
   *
   * @param attributes what its Details say; `null`: it is an ordinary one
   * @throws {WampError} when it cannot be read
   */
  unpack(uri: string, attributes: PassthruOptions | null, payload: Payload): Payload;
}

/** PPT-05: the dict that stands for Arguments and ArgumentsKw. */
export function serializePayload(
  serializer: Serializer,
  { args = [], kwargs = {} }: PayloadInput,
): Uint8Array {
  return encodeItem(serializer, { args, kwargs });
}

/** @throws {WampError} when the bytes are no packed payload */
export function deserializePayload(serializer: Serializer, bytes: Uint8Array): Payload {
  const payload = asPayload(decodePacked(serializer, bytes));
  if (payload === null) throw payloadError('the packed payload is no dict of args and kwargs');
  return payload;
}

function decodePacked(serializer: Serializer, bytes: Uint8Array): unknown {
  try {
    return decodeItem(serializer, bytes);
  } catch (error) {
    throw payloadError(`the packed payload is no ${serializer.name}`, error);
  }
}

/** The payload that a value stands for, if it is a dict of `args` and `kwargs`; either may be missing or null. */
export function asPayload(value: unknown): Payload | null {
  if (!isDict(value)) return null;
  const args = value.args ?? [];
  const kwargs = value.kwargs ?? {};
  return Array.isArray(args) && isDict(kwargs) ? Payload.of(args as Args, kwargs as Kwargs) : null;
}

/** The one binary item that a packed payload is (PPT-05). JSON text may come as a string. @throws {WampError} */
export function packedBytes(payload: Payload): Uint8Array {
  const args = payload.args();
  const [item] = args;
  if (args.length === 1 && Object.keys(payload.kwargs()).length === 0) {
    if (item instanceof Uint8Array) return item;
    if (typeof item === 'string') return new TextEncoder().encode(item);
  }
  throw payloadError('a packed payload is one binary item, and this one is not');
}
