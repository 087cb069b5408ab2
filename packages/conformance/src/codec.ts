import { Decoder as CborDecoder, Encoder as CborEncoder } from 'cbor-x';
import { Packr } from 'msgpackr';

/** The serializers of the basic profile (BP-SER-01). */
export type SerializerName = 'json' | 'msgpack' | 'cbor';

/** Values to bytes and back, by other people's codecs. */
export interface Codec {
  readonly name: SerializerName;
  /** The number that stands for it in a RawSocket handshake (RS-01). */
  readonly rawsocketId: number;
  encode(value: unknown): Uint8Array;
  /** @throws on malformed bytes */
  decode(bytes: Uint8Array): unknown;
}

const packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'bigint' });
const cborOptions = { useRecords: false, mapsAsObjects: true, tagUint8Array: false, variableMapSize: true };
const cborEncoder = new CborEncoder(cborOptions);
const cborDecoder = new CborDecoder(cborOptions);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The codecs by name. Binary is `Uint8Array` in each; integers beyond 2^53 are `bigint`. */
export const codecs: Readonly<Record<SerializerName, Codec>> = {
  json: {
    name: 'json',
    rawsocketId: 1,
    encode: (value) => new TextEncoder().encode(JSON.stringify(mapValues(value, binaryToText))),
    decode: (bytes) => mapValues(JSON.parse(utf8.decode(bytes)), textToBinary),
  },
  msgpack: {
    name: 'msgpack',
    rawsocketId: 2,
    encode: (value) => packr.pack(mapValues(value, wideToBigint)),
    decode: (bytes) => mapValues(packr.unpack(bytes), normalize),
  },
  cbor: {
    name: 'cbor',
    rawsocketId: 3,
    encode: (value) => cborEncoder.encode(mapValues(value, wideToBigint)),
    decode: (bytes) => mapValues(cborDecoder.decode(bytes), normalize),
  },
};

function mapValues(value: unknown, map: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, map));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return map(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(item, map)]));
}

/* JBIN-01 */
function binaryToText(value: unknown): unknown {
  return value instanceof Uint8Array ? `\0${Buffer.from(value).toString('base64')}` : value;
}

function textToBinary(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('\0')) return value;
  return new Uint8Array(Buffer.from(value.slice(1), 'base64'));
}

/* Both codecs would write these as floats (BP-SER-02). */
function wideToBigint(value: unknown): unknown {
  if (!Number.isInteger(value)) return value;
  const size = Math.abs(value as number);
  return size >= 2 ** 31 && size <= 2 ** 53 + 2 ? BigInt(value as number) : value;
}

function normalize(value: unknown): unknown {
  if (typeof value === 'bigint' && value <= 2n ** 53n && value >= -(2n ** 53n)) return Number(value);
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}
