import type { Message } from './messages.js';
import type { Args, Kwargs, PayloadCount } from './payload.js';

/** The serializers that wampkit has. */
export type SerializerName = 'json' | 'msgpack' | 'cbor';

/** Turns messages into bytes and back. The header is its own work; the payload stays bytes (see `Payload`). */
export interface Serializer {
  readonly name: SerializerName;
  /** Whether its WebSocket frames are binary (BP-TRN-03). */
  readonly binary: boolean;

  /**
   * Decodes the message in `bytes[start, end)`: header decoded and type-checked, payload validated to its last byte
   * and left in place as a borrowed `Payload`.
   *
   * @throws {ProtocolError} when the bytes are no well-formed message; says what and where
   */
  decode(bytes: Uint8Array, start: number, end: number): Message;

  /**
   * Writes `message` into `target` from `position`.
   *
   * @returns the position after the message. When that is beyond `target.length`, the message did not fit, what
   *   `target` holds from `position` is undefined, and the value tells how large it has to be.
   * @throws {WampError} when a value of the payload has no form in this serializer
   */
  encodeInto(target: Uint8Array, position: number, message: Message): number;

  /**
   * Decodes a validated payload range into values. `kwargs` is absent when `count` is 1; a bare binary in the place of
   * Arguments is given as the only argument.
   */
  decodePayload(
    bytes: Uint8Array,
    start: number,
    end: number,
    count: PayloadCount,
  ): { args: Args; kwargs?: Kwargs };

  /**
   * Encodes payload values: Arguments when `count` is 1, Arguments and ArgumentsKw when it is 2, in the form in which
   * `encodeInto` places them in a message.
   *
   * @throws {WampError} when a value has no form in this serializer; names its place
   */
  encodePayload(args: Args, kwargs: Kwargs, count: PayloadCount): Uint8Array;

  /** Encodes one bare binary as it stands in the place of Arguments (`Payload.isBinary`). */
  encodeBinary(bytes: Uint8Array): Uint8Array;
}
