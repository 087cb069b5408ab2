import type { Serializer } from '@wampkit/protocol';
import { CloseCode } from '../close-code.js';
import { subprotocolOf } from '../subprotocol.js';
import type { WebSocketConstructor, WebSocketLike } from '../web-options.js';
import { batchFormatOf } from './batch-format.js';
import { batchLimits } from './batch-limits.js';

const BATCHED = '.batched';

type Data = string | Uint8Array<ArrayBuffer>;

/** The platform's WebSocket with batches: to its owner it is one without (BAT-01). */
export class BatchedWebSocket implements WebSocketLike {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: { data: unknown }) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onclose: ((event: { code: number; reason: string }) => unknown) | null = null;

  readonly #socket: WebSocketLike;
  readonly #serializers: readonly Serializer[];
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #out: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;
  #failed = false;

  /** @param protocols those of `serializers`; of each the batched one is offered before */
  constructor(
    WebSocket: WebSocketConstructor,
    url: string,
    { protocols, serializers }: { protocols: readonly string[]; serializers: readonly Serializer[] },
  ) {
    this.#serializers = serializers;
    const socket = new WebSocket(
      url,
      protocols.flatMap((each) => [each + BATCHED, each]),
    );
    this.#socket = socket;
    socket.onopen = (event) => this.onopen?.(event);
    socket.onmessage = ({ data }: { data: unknown }) => this.#take(data);
    socket.onerror = (event) => this.onerror?.(event);
    socket.onclose = (event: { code: number; reason: string }) => this.#end(event);
  }

  get binaryType(): string {
    return this.#socket.binaryType;
  }

  set binaryType(type: string) {
    this.#socket.binaryType = type;
  }

  /** Whether batches were agreed on. */
  get batched(): boolean {
    return this.#socket.protocol.endsWith(BATCHED);
  }

  get protocol(): string {
    const { protocol } = this.#socket;
    return this.batched ? protocol.slice(0, -BATCHED.length) : protocol;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount + this.#size;
  }

  send(data: Data): void {
    if (!this.batched) {
      this.#socket.send(data);
      return;
    }
    const message = typeof data === 'string' ? this.#encoder.encode(data) : data.slice();
    if (this.#size > 0 && this.#size + message.length > batchLimits.batchSize) this.#flush();
    if (this.#size === 0) queueMicrotask(() => this.#flush());
    this.#out.push(message);
    this.#size += message.length;
  }

  close(code?: number, reason?: string): void {
    this.#flush();
    this.#socket.close(code, reason);
  }

  #flush(): void {
    if (this.#size === 0) return;
    const { binary } = this.#serializer();
    const batch = batchFormatOf(this.#serializer()).join(this.#out);
    this.#out = [];
    this.#size = 0;
    this.#socket.send(binary ? batch : this.#decoder.decode(batch));
  }

  #take(data: unknown): void {
    const serializer = this.#serializer();
    // What is of the wrong kind is for the owner to refuse (BP-TRN-03).
    if (!this.batched || (typeof data !== 'string') !== serializer.binary) {
      this.onmessage?.({ data });
      return;
    }
    const bytes = typeof data === 'string' ? this.#encoder.encode(data) : new Uint8Array(data as ArrayBuffer);
    const format = batchFormatOf(serializer);
    const fault = format.findFault(bytes);
    if (fault !== null) {
      this.#fail(fault);
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const end = format.endOf(bytes, at);
      const message = bytes.subarray(format.startOf(at), end);
      this.onmessage?.({ data: serializer.binary ? message : this.#decoder.decode(message) });
      at = format.nextAt(end);
    }
  }

  // BAT-02
  #fail(fault: string): void {
    if (this.#failed) return;
    this.#socket.close(CloseCode.Violation, fault);
    this.#end({ code: CloseCode.Abnormal, reason: `${fault} received` });
  }

  #end(event: { code: number; reason: string }): void {
    if (this.#failed) return;
    this.#failed = true;
    this.onclose?.(event);
  }

  #serializer(): Serializer {
    const { protocol } = this;
    return this.#serializers.find((each) => subprotocolOf(each) === protocol) as Serializer;
  }
}
