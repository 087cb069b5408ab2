import { randomBytes } from 'node:crypto';

/** Opcodes of RFC 6455, 5.2. */
export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** A frame to be sent, right or wrong. */
export interface FrameSpec {
  readonly opcode: number;
  readonly payload?: Uint8Array | string;
  /** Whether it is the last of its message; it is by default. */
  readonly fin?: boolean;
  /** RSV1 is 4, RSV2 is 2, RSV3 is 1. */
  readonly rsv?: number;
  /** Whether it is masked; as the sender's end must, by default. */
  readonly masked?: boolean;
  /** The length to announce instead of the payload's. */
  readonly announced?: bigint;
  /** Bits of the length field; as few as do by default. */
  readonly lengthBits?: 7 | 16 | 64;
}

type Extras = Omit<FrameSpec, 'opcode' | 'payload'>;

export const text = (payload: Uint8Array | string, extras?: Extras): FrameSpec => ({
  opcode: Opcode.Text,
  payload,
  ...extras,
});
export const binary = (payload: Uint8Array | string, extras?: Extras): FrameSpec => ({
  opcode: Opcode.Binary,
  payload,
  ...extras,
});
/** A continuation that is not the last. */
export const more = (payload: Uint8Array | string, extras?: Extras): FrameSpec => ({
  opcode: Opcode.Continuation,
  payload,
  fin: false,
  ...extras,
});
/** The last continuation. */
export const last = (payload: Uint8Array | string, extras?: Extras): FrameSpec => ({
  opcode: Opcode.Continuation,
  payload,
  ...extras,
});
export const ping = (payload: Uint8Array | string = '', extras?: Extras): FrameSpec => ({
  opcode: Opcode.Ping,
  payload,
  ...extras,
});
export const pong = (payload: Uint8Array | string = '', extras?: Extras): FrameSpec => ({
  opcode: Opcode.Pong,
  payload,
  ...extras,
});
export const close = (code: number, reason: Uint8Array | string = ''): FrameSpec => ({
  opcode: Opcode.Close,
  payload: Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason as string)]),
});
/** A close frame with any payload. */
export const bareClose = (payload: Uint8Array | string = ''): FrameSpec => ({
  opcode: Opcode.Close,
  payload,
});

/** Parts as one message in fragments, the first with `opcode`. */
export function fragments(opcode: number, parts: readonly (Uint8Array | string)[]): FrameSpec[] {
  return parts.map((payload, i) => ({
    opcode: i === 0 ? opcode : Opcode.Continuation,
    payload,
    fin: i === parts.length - 1,
  }));
}

/** @param masked whether the sender is a client */
export function encodeFrame(spec: FrameSpec, masked: boolean): Buffer {
  const payload = Buffer.from(spec.payload ?? ('' as never));
  const length = spec.announced ?? BigInt(payload.length);
  const isMasked = spec.masked ?? masked;
  const bits = spec.lengthBits ?? (length < 126n ? 7 : length < 0x1_0000n ? 16 : 64);
  const header = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  header[0] = (spec.fin === false ? 0 : 0x80) | ((spec.rsv ?? 0) << 4) | spec.opcode;
  header[1] = (isMasked ? 0x80 : 0) | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127);
  if (bits === 16) header.writeUInt16BE(Number(length), 2);
  if (bits === 64) header.writeBigUInt64BE(length, 2);
  if (!isMasked) return Buffer.concat([header, payload]);
  const key = randomBytes(4);
  const hidden = payload.map((byte, i) => byte ^ (key[i & 3] as number));
  return Buffer.concat([header, key, hidden]);
}

/** A frame that was received. */
export interface Frame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly rsv: number;
  readonly payload: Buffer;
}

/** Cuts a stream into frames and takes no liberties: a fault of the sender throws. */
export class FrameReader {
  readonly #masked: boolean;
  #rest = Buffer.alloc(0);

  /** @param masked whether the sender is a client */
  constructor(masked: boolean) {
    this.#masked = masked;
  }

  take(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    const bytes = this.#rest;
    if (bytes.length < 2) return null;
    const [first, second] = bytes as unknown as [number, number];
    if (second >= 0x80 !== this.#masked) throw new Error(`frame ${this.#masked ? 'not masked' : 'masked'}`);
    const form = second & 0x7f;
    const lengthEnd = form < 126 ? 2 : form === 126 ? 4 : 10;
    const start = lengthEnd + (this.#masked ? 4 : 0);
    if (bytes.length < start) return null;
    const length =
      form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if ((form === 126 && length < 126) || (form === 127 && length < 0x1_0000))
      throw new Error(`length ${length} not in its shortest form`);
    if (bytes.length < start + length) return null;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (this.#masked) for (let i = 0; i < length; i++) payload[i] ^= bytes[lengthEnd + (i & 3)] as number;
    this.#rest = bytes.subarray(start + length);
    return { opcode: first & 15, fin: first >= 0x80, rsv: (first >> 4) & 7, payload };
  }
}
