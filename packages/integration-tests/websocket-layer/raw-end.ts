import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { encodeFrame, type Frame, FrameReader, type FrameSpec, Opcode } from './frame.js';

/** How bytes are cut into writes. */
export type Delivery = 'at once' | 'frame by frame' | 'byte by byte';

/** What came back. */
export interface Outcome {
  /** Messages, in order. */
  readonly messages: readonly string[];
  /** Payloads of pongs, in order. */
  readonly pongs: readonly string[];
  /** The code of its close frame; 1005 for one without, 1006 when it ended without a close frame, else undefined. */
  readonly close: number | undefined;
}

/** A WebSocket connection after its handshake, held by hand: sends any frames, reads strictly. */
export class RawEnd {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  /** What the other end did that no end may do. */
  fault: Error | null = null;
  /** Whether a close frame is answered. */
  answersClose = true;
  readonly #role: 'client' | 'server';
  #hasEnded = false;
  #closeSent = false;

  /** @param head bytes that came behind the handshake */
  constructor(socket: Socket, role: 'client' | 'server', head: Buffer = Buffer.alloc(0)) {
    this.socket = socket;
    this.#role = role;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const reader = new FrameReader(role === 'server');
    const take = (chunk: Buffer): void => {
      try {
        for (const frame of reader.take(chunk)) this.#take(frame);
      } catch (error) {
        this.fault = error as Error;
        socket.destroy();
      }
    };
    socket.on('data', take);
    this.ended = new Promise((resolve) => {
      socket.on('close', () => {
        this.#hasEnded = true;
        resolve();
      });
    });
    take(head);
    socket.resume();
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    if (frame.opcode !== Opcode.Close) return;
    if (this.answersClose && !this.#closeSent) this.send([{ opcode: Opcode.Close, payload: frame.payload }]);
    // The server ends the connection first: RFC 6455, 7.1.1.
    if (this.#role === 'server') this.socket.end();
  }

  /** Sends frames in one write. */
  send(specs: readonly FrameSpec[]): void {
    if (specs.some(({ opcode }) => opcode === Opcode.Close)) this.#closeSent = true;
    this.socket.write(Buffer.concat(specs.map((spec) => encodeFrame(spec, this.#role === 'client'))));
  }

  /** Sends frames in as many writes and turns as `delivery` says. */
  async deliver(specs: readonly FrameSpec[], delivery: Delivery): Promise<void> {
    if (delivery === 'at once') this.send(specs);
    for (const spec of delivery === 'at once' ? [] : specs) {
      if (delivery === 'frame by frame') this.send([spec]);
      else await this.#sendByBytes(spec);
      await nextTurn();
    }
  }

  async #sendByBytes(spec: FrameSpec): Promise<void> {
    if (spec.opcode === Opcode.Close) this.#closeSent = true;
    for (const byte of encodeFrame(spec, this.#role === 'client')) {
      this.socket.write(Buffer.from([byte]));
      await nextTurn();
    }
  }

  /** Sends one message more and waits for its echo or the end: what became of all before it. */
  async outcome(probe: FrameSpec): Promise<Outcome> {
    const name = String(probe.payload);
    this.socket.write(encodeFrame(probe, this.#role === 'client'));
    while (!this.#hasEnded && !this.messages().includes(name)) {
      await Promise.race([this.ended, new Promise((resolve) => this.socket.once('data', resolve))]);
    }
    if (this.fault !== null) throw this.fault;
    return {
      messages: this.messages().filter((each) => each !== name),
      pongs: this.#payloads(Opcode.Pong),
      close: this.#hasEnded ? this.closeCode() : undefined,
    };
  }

  /** The messages that came, each in one frame; compressed ones inflated. */
  messages(): string[] {
    return this.frames
      .filter(({ opcode }) => opcode === Opcode.Text || opcode === Opcode.Binary)
      .map(({ rsv, payload }) => (rsv === 4 ? inflateMessage(payload) : payload).toString());
  }

  closeCode(): number {
    const frame = this.frames.find(({ opcode }) => opcode === Opcode.Close);
    if (frame === undefined) return 1006;
    return frame.payload.length === 0 ? 1005 : frame.payload.readUInt16BE(0);
  }

  #payloads(opcode: number): string[] {
    return this.frames.filter((frame) => frame.opcode === opcode).map(({ payload }) => payload.toString());
  }
}

const TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/** RFC 7692, 7.2.2, without context takeover. */
function inflateMessage(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: 2 });
}
