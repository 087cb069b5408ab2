import {
  createMessage,
  type Dict,
  ErrorUri,
  isDict,
  type Message,
  messageName,
  messageShape,
  messageValues,
  Payload,
  ProtocolError,
  type Serializer,
  WampError,
} from '@wampkit/protocol';

/* JSON for browsers, where every byte is downloaded: the platform's own JSON and the same rules for values as
   @wampkit/serializer, against which a property test holds it. A client reads every payload, so nothing is gained
   by leaving payloads undecoded. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Writes a number's own text; with the source text that revivers get, what keeps integers beyond 2^53 exact. */
const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };

class WebJsonSerializer implements Serializer {
  readonly name = 'json';
  readonly binary = false;

  decode(bytes: Uint8Array, start: number, end: number): Message {
    const elements = parse(bytes.subarray(start, end));
    if (!Array.isArray(elements)) throw new ProtocolError('a message must be a list');
    const [code, ...values] = elements;
    const shape = messageShape(code);
    const payload = shape?.payload ? payloadOf(code, values.splice(shape.fields.length)) : Payload.empty;
    return createMessage(code, values, payload);
  }

  encodeInto(target: Uint8Array, position: number, message: Message): number {
    const elements: unknown[] = [message.code, ...messageValues(message)];
    if ('payload' in message) {
      const { count } = message.payload;
      if (count > 0) elements.push(message.payload.args());
      if (count > 1) elements.push(message.payload.kwargs());
    }
    const bytes = stringify(elements);
    if (position + bytes.length <= target.length) target.set(bytes, position);
    return position + bytes.length;
  }

  decodePayload(bytes: Uint8Array, start: number, end: number): { args: unknown[]; kwargs: Dict } {
    const text = `[${decoder.decode(bytes.subarray(start, end))}]`;
    const [args, kwargs] = parse(encoder.encode(text)) as [unknown[], Dict];
    return { args, kwargs };
  }

  encodePayload(args: readonly unknown[], kwargs: Dict, count: number): Uint8Array {
    return stringify(count > 1 ? [args, kwargs] : [args]).slice(1, -1);
  }

  encodeBinary(bytes: Uint8Array): Uint8Array {
    return stringify(bytes);
  }
}

/** JSON (`wamp.2.json`), by the platform's own. */
export const webJsonSerializer: Serializer = new WebJsonSerializer();

function payloadOf(code: number, [args = [], kwargs = {}, ...more]: unknown[]): Payload {
  if (args instanceof Uint8Array) return Payload.ofBinary(args);
  if (!Array.isArray(args) || !isDict(kwargs) || more.length > 0)
    throw new ProtocolError(`${messageName(code)}: a list of Arguments and a dict of ArgumentsKw may follow`);
  return Payload.of(args, kwargs);
}

function parse(bytes: Uint8Array): unknown {
  try {
    const text = decoder.decode(bytes);
    return JSON.parse(text, /\\u0000|\d{16}/.test(text) ? revive : undefined);
  } catch (cause) {
    throw new ProtocolError(`not a JSON message: ${(cause as Error).message}`, { cause });
  }
}

function revive(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'string' && value[0] === '\0')
    return Uint8Array.from(atob(value.slice(1)), (character) => character.charCodeAt(0)); // JBIN-01
  if (typeof value !== 'number' || Math.abs(value) < 2 ** 53) return value;
  if (!/^-?\d+$/.test(context?.source ?? '')) return value;
  const exact = BigInt(context?.source as string);
  return Math.abs(value) > 2 ** 53 || exact !== BigInt(value) ? exact : value;
}

function stringify(value: unknown): Uint8Array {
  try {
    return encoder.encode(JSON.stringify(value, replace));
  } catch (cause) {
    throw new WampError((cause as Error).message, { uri: ErrorUri.InvalidArgument, cause });
  }
}

function replace(key: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) value = new Uint8Array(value);
  if (value instanceof Uint8Array)
    return `\0${btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(''))}`;
  if (typeof value === 'bigint') return integer(key, value);
  if (typeof value === 'number' && Number.isFinite(value)) return number(value);
  if (formless(value)) throw noForm(key, value);
  return value;
}

function integer(key: string, value: bigint): unknown {
  if (value >= -(2n ** 53n) && value <= 2n ** 53n) return Number(value);
  if (rawJSON === undefined) throw noForm(key, value);
  return rawJSON(`${value}`);
}

/** Beyond 2^53 with an exponent, so that it comes back as a number. */
function number(value: number): unknown {
  if (rawJSON === undefined || (Math.abs(value) <= 2 ** 53 && !Object.is(value, -0))) return value;
  return rawJSON(value === 0 ? '-0' : value.toExponential());
}

function formless(value: unknown): boolean {
  if (typeof value === 'string') return value[0] === '\0'; // JBIN-02
  if (['number', 'function', 'symbol'].includes(typeof value)) return true;
  return (
    value instanceof Map || value instanceof Set || value instanceof Promise || ArrayBuffer.isView(value)
  );
}

function noForm(key: string, value: unknown): Error {
  return new Error(`"${key}": ${String(value)} has no form in json here`);
}
