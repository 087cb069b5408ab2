import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Hello, type Message, type Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { allRoles, toWire, type WireMessage } from '@wampkit/testkit';
import { frameWebSocket } from './websocket-frame.js';

/** How a raw client connects. */
export interface RawClientOptions {
  /** RawSocket unless said otherwise. */
  readonly framing?: 'rawsocket' | 'websocket';
  /** JSON unless said otherwise. */
  readonly serializer?: Serializer;
  /** The largest message that it takes over RawSocket: 2^n bytes, from 9 to 24, the default. */
  readonly takes?: number;
  /** More request headers of the WebSocket handshake, each `Name: value`. */
  readonly headers?: readonly string[];
}

/** A bare connection that does what no decent client does: stops to read, sends halves, resets. */
export class RawClient {
  readonly socket: Socket;
  /** Everything received, oldest first; a test that looks at few messages of many takes `onMessage` instead. */
  readonly received: WireMessage[] = [];
  /** Set when the connection has ended, from either end. */
  closed = false;
  /** Whether it leaves pings without an answer. */
  silent = false;
  /** WELCOME.Session. */
  session = 0;
  onMessage: (message: WireMessage) => void = (message) => this.received.push(message);
  readonly #serializer: Serializer;
  readonly #isWebSocket: boolean;
  readonly #waiting = new Set<() => void>();
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the handshake's answer are still to come. */
  #shaking = true;
  #request = 0;

  private constructor(socket: Socket, options: RawClientOptions) {
    this.socket = socket;
    this.#serializer = options.serializer ?? jsonSerializer;
    this.#isWebSocket = options.framing === 'websocket';
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  /** Connects and shakes hands, but says no HELLO. */
  static async open(port: number, options: RawClientOptions = {}): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const client = new RawClient(socket, options);
    socket.write(client.#isWebSocket ? upgradeRequest(options) : rawSocketRequest(options));
    await client.until(() => !client.#shaking);
    return client;
  }

  /** Connects, shakes hands and joins `realm1`. */
  static async join(port: number, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.open(port, options);
    client.send(new Hello('realm1', { roles: allRoles }));
    const [, session] = await client.next((message) => message[0] === 2);
    client.session = session as number;
    client.received.length = 0;
    return client;
  }

  /** The next request id. */
  nextRequest(): number {
    return ++this.#request;
  }

  /** Sends messages, in one write. */
  send(...messages: Message[]): void {
    this.socket.write(Buffer.concat(messages.map((message) => this.frame(message))));
  }

  /** A message in its frame. */
  frame(message: Message): Buffer {
    const size = this.#serializer.encodeInto(new Uint8Array(0), 0, message);
    const bytes = Buffer.alloc(size);
    this.#serializer.encodeInto(bytes, 0, message);
    return this.frameBytes(bytes);
  }

  /** The bytes of a message in a frame; what is no message too. */
  frameBytes(bytes: Buffer): Buffer {
    if (this.#isWebSocket) return frameWebSocket(this.#serializer.binary ? 2 : 1, bytes);
    const header = Buffer.alloc(4);
    header.writeUInt32BE(bytes.length === EXTRA_BIT_LENGTH ? EXTRA_BIT : bytes.length);
    return Buffer.concat([header, bytes]);
  }

  /** The first message received that fits, also an earlier one. */
  async next(fits: (message: WireMessage) => boolean): Promise<WireMessage> {
    let found: WireMessage | undefined;
    await this.until(() => (found = this.received.find(fits)) !== undefined);
    return found as unknown as WireMessage;
  }

  /** Waits until something is so that what is received, or the end, can bring about. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.closed) throw new Error(`the connection has ended; received: ${this.describe()}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Waits for the end of the connection. */
  async end(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Stops to read. */
  stall(): void {
    this.socket.pause();
  }

  describe(): string {
    return JSON.stringify(this.received).slice(0, 500);
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let position = this.#shaking ? this.#readHandshake(bytes) : 0;
    if (!this.#shaking) position = this.#readFrames(bytes, position);
    this.#rest = bytes.subarray(position);
    this.#wake();
  }

  #answerControl(type: number, payload: Buffer): void {
    if (this.silent) return;
    if (this.#isWebSocket && type === CLOSE) this.socket.end(frameWebSocket(CLOSE, payload.subarray(0, 2)));
    if (this.#isWebSocket && type === WEBSOCKET_PING)
      this.socket.write(frameWebSocket(WEBSOCKET_PONG, payload));
    if (!this.#isWebSocket && type === RAWSOCKET_PING)
      this.socket.write(Buffer.concat([Buffer.from([2, 0, payload.length >>> 8, payload.length]), payload]));
  }

  #readHandshake(bytes: Buffer): number {
    const end = this.#isWebSocket ? bytes.indexOf('\r\n\r\n') + 4 : 4;
    if (bytes.length < end || end < 4) return 0;
    this.#shaking = false;
    return end;
  }

  #readFrames(bytes: Buffer, from: number): number {
    let position = from;
    for (;;) {
      const header = this.#isWebSocket ? webSocketHeader(bytes, position) : rawSocketHeader(bytes, position);
      if (header === null || bytes.length < header.end) return position;
      if (header.isMessage) this.onMessage(toWire(this.#serializer.decode(bytes, header.start, header.end)));
      else this.#answerControl(bytes[position] & 15, bytes.subarray(header.start, header.end));
      position = header.end;
    }
  }
}

const CLOSE = 8;
const WEBSOCKET_PING = 9;
const WEBSOCKET_PONG = 10;
const RAWSOCKET_PING = 1;

interface FrameHeader {
  readonly isMessage: boolean;
  readonly start: number;
  readonly end: number;
}

function rawSocketHeader(bytes: Buffer, position: number): FrameHeader | null {
  if (bytes.length < position + 4) return null;
  const start = position + 4;
  const length = bytes.readUInt32BE(position) & 0x8ff_ffff; // RS-06
  const end = start + (length === EXTRA_BIT ? EXTRA_BIT_LENGTH : length & 0xff_ffff);
  return { isMessage: (bytes[position] & 7) === 0, start, end };
}

/** The router sends neither fragments nor masks. */
function webSocketHeader(bytes: Buffer, position: number): FrameHeader | null {
  const left = bytes.length - position;
  const short = left < 2 ? 0 : bytes[position + 1];
  const size = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < size) return null;
  const start = position + size;
  return { isMessage: (bytes[position] & 15) < CLOSE, start, end: start + payloadLength(bytes, position) };
}

function payloadLength(bytes: Buffer, position: number): number {
  const short = bytes[position + 1];
  if (short < 126) return short;
  return short === 126 ? bytes.readUInt16BE(position + 2) : bytes.readUInt32BE(position + 6);
}

const EXTRA_BIT = 0x800_0000;
const EXTRA_BIT_LENGTH = 2 ** 24;

const serializerNumbers = { json: 1, msgpack: 2, cbor: 3 };

function rawSocketRequest({ serializer = jsonSerializer, takes = 24 }: RawClientOptions): Buffer {
  return Buffer.from([0x7f, ((takes - 9) << 4) | serializerNumbers[serializer.name], 0, 0]);
}

/** The request of a WebSocket handshake. */
export function upgradeRequest({ serializer = jsonSerializer, headers = [] }: RawClientOptions = {}): string {
  const lines = [
    'GET /ws HTTP/1.1',
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: wamp.2.${serializer.name}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Whether a message is of that type and answers, or carries, that request. */
export function replyTo(code: number, request: number): (message: WireMessage) => boolean {
  return (message) => message[0] === code && message[1] === request;
}
