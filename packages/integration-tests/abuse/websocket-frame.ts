const key = Buffer.from([0x12, 0x34, 0x56, 0x78]);

/** What a frame is like besides its opcode and payload. */
export interface FrameTraits {
  /** Whether it ends its message; true unless said otherwise. */
  readonly fin?: boolean;
  /** Whether RSV1 marks its message as compressed. */
  readonly compressed?: boolean;
  /** The length that its header tells, where that is not the payload's. */
  readonly announced?: number;
}

/** A WebSocket frame as clients send it, masked. */
export function frameWebSocket(opcode: number, payload: Buffer, traits: FrameTraits = {}): Buffer {
  const { fin = true, compressed = false, announced = payload.length } = traits;
  const first = (fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode;
  const masked = Buffer.from(payload);
  for (let i = 0; i < masked.length; i++) masked[i] ^= key[i & 3];
  return Buffer.concat([Buffer.from([first]), lengthOf(announced), key, masked]);
}

function lengthOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | length]);
  if (length < 0x1_0000) return Buffer.from([0x80 | 126, length >>> 8, length & 255]);
  const long = Buffer.alloc(9);
  long[0] = 0x80 | 127;
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}
