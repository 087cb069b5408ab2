/**
 * A value of a MessagePack extension type (timestamps, -1, included), as application payloads may carry it. It passes
 * between MessagePack peers; other serializers have no form for it. Integers beyond 64 bits are BigInt instead.
 */
export class MsgpackExtension {
  /** From -128 to 127; negative ones are MessagePack's own. */
  readonly type: number;
  readonly data: Uint8Array;

  constructor(type: number, data: Uint8Array) {
    this.type = type;
    this.data = data;
  }
}
