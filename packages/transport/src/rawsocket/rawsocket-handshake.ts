import type { Serializer, SerializerName } from '@wampkit/protocol';
import { RAWSOCKET_MAX } from './rawsocket-framing.js';

/** The first octet of both halves of the handshake (RS-01, RS-02). */
export const MAGIC = 0x7f;
/** Bytes of each half of the handshake. */
export const HANDSHAKE_SIZE = 4;

const SMALLEST = 512;

/** Serializer numbers of RawSocket (RS-01). */
const numbers: Readonly<Record<SerializerName, number>> = { json: 1, msgpack: 2, cbor: 3 };

/** Why a router refuses a handshake; never 0 (RS-03). */
export const HandshakeError = {
  SerializerUnsupported: 1,
  MaxLengthUnacceptable: 2,
  ReservedBits: 3,
  MaxConnections: 4,
} as const;

const errorTexts: Readonly<Record<number, string>> = {
  1: 'it does not speak this serializer',
  2: 'it does not accept this maximum message length',
  3: 'reserved bits were used',
  4: 'it has as many connections as it takes',
};

/** The largest limit that RawSocket can announce within `size` bytes: a power of two from 512 to 2^24 (RS-01). */
export function announcedLimit(size: number): number {
  const within = Math.min(RAWSOCKET_MAX, Math.max(SMALLEST, size));
  return 2 ** Math.floor(Math.log2(within));
}

/** A request, or the reply that accepts it: both announce a limit and name the serializer (RS-01, RS-02). */
export function encodeHandshake(serializer: Serializer, limit: number): Buffer {
  const exponent = Math.log2(limit) - 9;
  return Buffer.from([MAGIC, (exponent << 4) | numbers[serializer.name], 0, 0]);
}

/** A reply that refuses (RS-03). */
export function encodeHandshakeError(code: number): Buffer {
  return Buffer.from([MAGIC, code << 4, 0, 0]);
}

/** What a handshake came to: the serializer and the other end's limit in bytes, or the code of the refusal. */
export type HandshakeResult =
  | { readonly serializer: Serializer; readonly limit: number }
  | { readonly error: number };

/** Judges a client's request (RS-01, RS-03, RS-04); its first octet has been checked. */
export function readRequest(bytes: Uint8Array, serializers: readonly Serializer[]): HandshakeResult {
  if (bytes[2] !== 0 || bytes[3] !== 0) return { error: HandshakeError.ReservedBits };
  const serializer = serializers.find(({ name }) => numbers[name] === (bytes[1] & 0x0f));
  if (serializer === undefined) return { error: HandshakeError.SerializerUnsupported };
  return { serializer, limit: limitOf(bytes) };
}

/**
 * Judges a router's reply (RS-02, RS-03).
 *
 * @returns the router's limit in bytes, or what is wrong in words, with the code when the router refused
 */
export function readReply(
  bytes: Uint8Array,
  serializer: Serializer,
): { limit: number } | { fault: string; code?: number } {
  if (bytes[0] !== MAGIC) return { fault: describeStranger(bytes) };
  const number = bytes[1] & 0x0f;
  const code = bytes[1] >>> 4;
  if (number === 0) return { fault: `the router refused: ${errorTexts[code] ?? `error ${code}`}`, code };
  if (bytes[2] !== 0 || bytes[3] !== 0) return { fault: 'its reply uses reserved octets' };
  if (number !== numbers[serializer.name])
    return { fault: `its reply names serializer ${number} instead of ${numbers[serializer.name]}` };
  return { limit: limitOf(bytes) };
}

function limitOf(bytes: Uint8Array): number {
  return 2 ** (9 + (bytes[1] >>> 4));
}

function describeStranger(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, HANDSHAKE_SIZE));
  if (text === 'HTTP') return 'it answers in HTTP, not RawSocket: try ws:// or wss://';
  return `its reply begins with octet 0x${bytes[0].toString(16)}, not 0x7f: no RawSocket`;
}
