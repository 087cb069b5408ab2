import { ErrorUri, WampError } from '@wampkit/protocol';
import { MAX_DEPTH } from './limits.js';
import { MsgpackExtension } from './msgpack-extension.js';

/** Where a value stands, from its root on: `'args', 0, 'x'`. Kept by encoders as an array of which `depth` count. */
export type ValuePath = (string | number)[];

/** The error for a value that has no form in a serializer; its message names the place, such as `args[0].x`. */
export function unencodable(path: ValuePath, depth: number, why: string): WampError {
  let place = String(path[0]);
  for (const step of path.slice(1, depth + 1))
    place +=
      typeof step === 'number'
        ? `[${step}]`
        : /^[A-Za-z_]\w*$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`;
  return new WampError(`${place}: ${why}`, { uri: ErrorUri.InvalidArgument });
}

/** Why an encoder gives up at `MAX_DEPTH`. */
export const tooDeep = `nested deeper than ${MAX_DEPTH} levels, or in a cycle`;

/** What an encoder meets in application values, after the primitives that it knows. */
export type ValueForm =
  | { readonly binary: Uint8Array }
  | { readonly list: readonly unknown[] }
  | { readonly dict: Readonly<Record<string, unknown>> }
  | { readonly other: unknown }
  | { readonly none: string };

/**
 * The form of an object in WAMP, one rule for all serializers: `Uint8Array` and `ArrayBuffer` are binary, arrays are
 * lists, an object with `toJSON` (such as a Date) is what that gives, and other objects are dicts of their own
 * enumerable properties, except those that would silently lose what they hold.
 */
export function formOf(value: object): ValueForm {
  if (value instanceof Uint8Array) return { binary: value };
  if (Array.isArray(value)) return { list: value };
  if (value instanceof ArrayBuffer) return { binary: new Uint8Array(value) };
  if (ArrayBuffer.isView(value)) return { none: 'a typed array other than Uint8Array; send its bytes' };
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function')
    return { other: (value as { toJSON(key: string): unknown }).toJSON('') };
  if (value instanceof MsgpackExtension) return { none: 'a MessagePack extension has no form here' };
  if (value instanceof Map || value instanceof Set || value instanceof Promise)
    return { none: `a ${value.constructor.name} has no form in WAMP` };
  return { dict: value as Readonly<Record<string, unknown>> };
}
