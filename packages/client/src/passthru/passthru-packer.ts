import { Payload, type Serializer } from '@wampkit/protocol';
import type { PayloadInput } from '../options.js';
import { webJsonSerializer } from '../web-json.js';
import { payloadError } from './packed-item.js';
import {
  asPayload,
  deserializePayload,
  type Packer,
  type Packing,
  packedBytes,
  serializePayload,
} from './packing.js';
import type { PassthruOptions } from './passthru-options.js';

/** A scheme of your own: how its payloads become bytes, and bytes payloads. What throws is told as it is for others. */
export interface PassthruScheme {
  /** Its name, which begins with `x_`. */
  readonly name: `x_${string}`;
  pack(payload: Required<PayloadInput>, attributes: PassthruOptions): Uint8Array;
  unpack(bytes: Uint8Array, attributes: PassthruOptions): PayloadInput;
}

/** What payloads may be packed in. */
export interface PackingOptions {
  /** For `ppt_serializer`, by their names; JSON is always there. */
  readonly serializers?: readonly Serializer[];
  /** For schemes that pack in a way of their own. */
  readonly schemes?: readonly PassthruScheme[];
}

/** Packs and unpacks by what `ppt_scheme` and `ppt_serializer` say. */
export class PassthruPacker implements Packer {
  readonly #serializers: ReadonlyMap<string, Serializer>;
  readonly #schemes: ReadonlyMap<string, PassthruScheme>;

  constructor({ serializers = [], schemes = [] }: PackingOptions) {
    this.#serializers = new Map([webJsonSerializer, ...serializers].map((one) => [one.name, one]));
    this.#schemes = new Map(schemes.map((one) => [one.name, one]));
  }

  choose(_uri: string, asked: PassthruOptions | null): Packing | null {
    if (asked === null) return null;
    const { ppt_scheme: scheme = '' } = asked;
    // PPT-06
    if (scheme !== 'wamp' && scheme !== 'mqtt' && !scheme.startsWith('x_'))
      throw payloadError(`ppt_scheme "${scheme}" is neither "wamp" nor "mqtt", and does not begin with "x_"`);
    const own = this.#schemes.get(scheme);
    if (own !== undefined)
      return { attributes: asked, pack: (payload) => Payload.of([own.pack(valuesOf(payload), asked)]) };
    refuseCipher(asked);
    const serializer = this.#serializerOf(asked);
    if (serializer === null) return { attributes: asked, pack: packNative };
    return {
      attributes: asked,
      pack: (payload) => Payload.of([serializePayload(serializer, valuesOf(payload))]),
    };
  }

  unpack(_uri: string, attributes: PassthruOptions | null, payload: Payload): Payload {
    if (attributes === null) return payload;
    const own = this.#schemes.get(attributes.ppt_scheme ?? '');
    if (own !== undefined) {
      const { args, kwargs } = own.unpack(packedBytes(payload), attributes);
      return Payload.of(args, kwargs);
    }
    refuseCipher(attributes);
    const serializer = this.#serializerOf(attributes);
    return serializer === null ? unpackNative(payload) : deserializePayload(serializer, packedBytes(payload));
  }

  /* `null`: native, which is what an absent ppt_serializer means, but for the scheme `wamp` (PPT-06). */
  #serializerOf({ ppt_scheme, ppt_serializer: name = 'native' }: PassthruOptions): Serializer | null {
    if (ppt_scheme === 'wamp' && name !== 'cbor')
      throw payloadError(`ppt_scheme "wamp" takes ppt_serializer "cbor", not "${name}"`);
    if (name === 'native') return null;
    const serializer = this.#serializers.get(name);
    if (serializer === undefined)
      throw payloadError(`ppt_serializer "${name}" is not among the serializers here`);
    return serializer;
  }
}

function refuseCipher({ ppt_scheme, ppt_cipher }: PassthruOptions): void {
  if (ppt_cipher === undefined || ppt_cipher === '') return;
  throw payloadError(`ppt_cipher "${ppt_cipher}" of ppt_scheme "${ppt_scheme}": there is no key for it here`);
}

function valuesOf(payload: Payload): Required<PayloadInput> {
  return { args: payload.args(), kwargs: payload.kwargs() };
}

/* One binary goes as it is; what is more, as one item in the session's serializer. */
function packNative(payload: Payload): Payload {
  const { args, kwargs } = valuesOf(payload);
  const isBinary = args.length === 1 && args[0] instanceof Uint8Array && Object.keys(kwargs).length === 0;
  return isBinary ? payload : Payload.of([{ args, kwargs }]);
}

function unpackNative(payload: Payload): Payload {
  const args = payload.args();
  const [item] = args;
  const isPacked = args.length === 1 && typeof item === 'object' && item !== null && isPackedDict(item);
  return (isPacked ? asPayload(item) : null) ?? payload;
}

function isPackedDict(item: object): boolean {
  const keys = Object.keys(item);
  return keys.length > 0 && keys.every((key) => key === 'args' || key === 'kwargs');
}
