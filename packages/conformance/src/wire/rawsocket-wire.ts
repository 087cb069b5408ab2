import type { Codec } from '../codec.js';
import { CheckFailure } from '../outcome.js';
import { OctetStream } from './octet-stream.js';
import type { TlsSettings, Wire, WireHandler } from './wire.js';

/** What opens a RawSocket. */
export interface RawSocketOptions {
  url: string;
  codec: Codec;
  /** In ms. */
  timeout: number;
  /** L of the handshake: messages up to 2^(9+L) octets are taken (RS-01). */
  lengthExponent?: number;
  tls?: TlsSettings;
}

/** RawSocket frame types (RS-06). */
export const FrameType = { WAMP: 0, PING: 1, PONG: 2 } as const;

/** The header of a RawSocket frame: type, then the length in 24 bits. */
export function frameHeader(type: number, length: number): Uint8Array {
  return Uint8Array.of(type, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}

/** WAMP messages in RawSocket frames. */
export class RawSocketWire implements Wire {
  readonly kind = 'rawsocket';
  readonly #stream: OctetStream;

  private constructor(stream: OctetStream) {
    this.#stream = stream;
  }

  static async open(options: RawSocketOptions, handler: WireHandler): Promise<RawSocketWire> {
    const { url, codec, timeout, lengthExponent = 15, tls } = options;
    const stream = await OctetStream.open(url, timeout, tls);
    stream.write([0x7f, (lengthExponent << 4) | codec.rawsocketId, 0, 0]);
    const reply = await stream.read(4).catch(() => null);
    if (reply?.[0] !== 0x7f || (reply[1]! & 0x0f) !== codec.rawsocketId) {
      stream.destroy();
      throw new CheckFailure(
        `no RawSocket for ${codec.name} at ${url}: ${reply?.toString('hex') ?? 'closed'}`,
      );
    }
    const wire = new RawSocketWire(stream);
    void wire.#readFrames(handler);
    return wire;
  }

  send(bytes: Uint8Array): void {
    this.#stream.write(Buffer.concat([frameHeader(FrameType.WAMP, bytes.length), bytes]));
  }

  close(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async #readFrames(handler: WireHandler): Promise<void> {
    for (;;) {
      const header = await this.#stream.read(4, 0);
      const payload = header && (await this.#stream.read(header.readUIntBE(1, 3), 0));
      if (payload === null) return handler.onClose('the connection is closed');
      if (header![0] === FrameType.WAMP) handler.onMessage(payload, false);
      if (header![0] === FrameType.PING)
        this.#stream.write(Buffer.concat([frameHeader(FrameType.PONG, payload.length), payload]));
    }
  }
}
