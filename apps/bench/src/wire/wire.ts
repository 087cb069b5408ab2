/** The head and the tail of a message around its first id: what a load sends over and over. */
export interface Template {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** A serializer's lean side for load: templates out, code and first id in. Checks nothing that it need not. */
export interface Wire {
  readonly name: 'json' | 'msgpack' | 'cbor';
  readonly subprotocol: string;
  /** WebSocket opcode of its data frames: 1 text, 2 binary. */
  readonly opcode: 1 | 2;
  /** Its number in RawSocket's handshake. */
  readonly rawSocketId: 1 | 2 | 3;
  encode(message: readonly unknown[]): Uint8Array;
  /** The whole message as values, to check one of many; large integers as numbers. */
  decode(bytes: Uint8Array): unknown[];
  /** A message `[code, id, ...rest]` cut around the id. */
  template(code: number, rest: readonly unknown[]): Template;
  /** Writes an id at `position`; returns the position after it. At most 16 bytes. */
  writeId(target: Uint8Array, position: number, id: number): number;
  /** The message's code. */
  readCode(bytes: Uint8Array, start: number): number;
  /** The message's first id. */
  readId(bytes: Uint8Array, start: number): number;
}
