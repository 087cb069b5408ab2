import type { Serializer } from '@wampkit/protocol';
import { batchFormatOf } from '../batch/batch-format.js';
import { batchLimits } from '../batch/batch-limits.js';
import { CloseCode } from '../close-code.js';
import type { WebSocketLike } from '../web-options.js';
import type { Post, PostAnswer } from './post.js';

/** What an open long-poll is made of. */
export interface LongPollSocketParts {
  readonly post: Post;
  /** `<base>/<transport id>` */
  readonly url: string;
  readonly protocol: string;
  readonly serializer: Serializer;
  readonly batched: boolean;
  /** Largest body of an answer, bytes. */
  readonly receiveLimit: number;
  /** Called when it has ended. */
  readonly release: (() => void) | undefined;
}

type Data = string | Uint8Array<ArrayBuffer>;

const GONE: readonly number[] = [404, 410];

/**
 * The client's end of a long-poll in the shape of a WebSocket (LP-02, LP-03): one receive is always asked for, and one
 * send at a time is under way, so that the order holds.
 */
export class LongPollSocket implements WebSocketLike {
  binaryType = 'arraybuffer';
  bufferedAmount = 0;
  readonly protocol: string;
  onopen: WebSocketLike['onopen'] = null;
  onmessage: ((event: { data: unknown }) => unknown) | null = null;
  onerror: WebSocketLike['onerror'] = null;
  onclose: ((event: { code: number; reason: string }) => unknown) | null = null;

  readonly #parts: LongPollSocketParts;
  readonly #abort = new AbortController();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #out: Uint8Array<ArrayBuffer>[] = [];
  #sending = false;
  #closing = false;
  #ended = false;

  constructor(parts: LongPollSocketParts) {
    this.#parts = parts;
    this.protocol = parts.protocol;
  }

  /** Begins to receive. */
  start(): void {
    void this.#receive();
  }

  send(data: Data): void {
    const message = typeof data === 'string' ? this.#encoder.encode(data) : data.slice();
    this.#out.push(message);
    this.bufferedAmount += message.length;
    if (this.#sending) return;
    this.#sending = true;
    queueMicrotask(() => void this.#sendAll());
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (!this.#sending) void this.#sendClose();
  }

  /** Sends what is queued, then what has been queued meanwhile. */
  async #sendAll(): Promise<void> {
    while (this.#out.length > 0 && !this.#ended) {
      const messages = this.#takeMessages();
      const { batched, serializer } = this.#parts;
      const body = batched
        ? batchFormatOf(serializer).join(messages)
        : (messages[0] as Uint8Array<ArrayBuffer>);
      const refusal = await this.#attempt('send', serializer.binary ? body : this.#decoder.decode(body));
      if (refusal === null) return;
      if (refusal.status >= 300) return this.#end(refusal, 'send');
      for (const { length } of messages) this.bufferedAmount -= length;
    }
    this.#sending = false;
    if (this.#closing) await this.#sendClose();
  }

  #takeMessages(): Uint8Array<ArrayBuffer>[] {
    if (!this.#parts.batched) return this.#out.splice(0, 1);
    let size = 0;
    let count = 0;
    for (const { length } of this.#out) {
      size += length;
      if (size > batchLimits.batchSize && count > 0) break;
      count++;
    }
    return this.#out.splice(0, count);
  }

  async #sendClose(): Promise<void> {
    if (this.#ended) return;
    await this.#attempt('close', null);
    this.#finish(CloseCode.Normal, '');
  }

  async #receive(): Promise<void> {
    while (!this.#ended && !this.#closing) {
      const answer = await this.#attempt('receive', null);
      if (answer === null) return;
      if (answer.status >= 300) return this.#end(answer, 'receive');
      if (!this.#deliver(answer.body)) return;
    }
  }

  /** @returns whether it was what it must be */
  #deliver(body: Uint8Array): boolean {
    if (this.#closing || body.length === 0) return true;
    const { batched, serializer } = this.#parts;
    const format = batchFormatOf(serializer);
    const fault = batched ? format.findFault(body) : null;
    // BAT-02
    if (fault !== null) {
      this.#finish(CloseCode.Abnormal, `${fault} received`);
      return false;
    }
    for (let at = 0; at < body.length && !this.#closing; ) {
      const [start, end] = batched ? [format.startOf(at), format.endOf(body, at)] : [0, body.length];
      at = batched ? format.nextAt(end) : end;
      const message = body.subarray(start, end);
      this.onmessage?.({ data: serializer.binary ? message : this.#decoder.decode(message) });
    }
    return true;
  }

  /** @returns `null` when the transport has ended meanwhile */
  async #attempt(verb: string, body: Data | null): Promise<PostAnswer | null> {
    const { post, url, receiveLimit } = this.#parts;
    try {
      const answer = await post(`${url}/${verb}`, body, { signal: this.#abort.signal, limit: receiveLimit });
      return this.#ended ? null : answer;
    } catch (error) {
      if (verb !== 'close') this.#finish(CloseCode.Abnormal, `${verb}: ${(error as Error).message}`);
      return null;
    }
  }

  /** The router answered with an error: the transport has ended there, in order or not. */
  #end({ status, body }: PostAnswer, verb: string): void {
    const text = new TextDecoder().decode(body).trim();
    if (GONE.includes(status)) this.#finish(CloseCode.Normal, text);
    else this.#finish(CloseCode.Abnormal, `${verb}: HTTP ${status}${text === '' ? '' : `: ${text}`}`);
  }

  #finish(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#out = [];
    this.bufferedAmount = 0;
    this.#abort.abort();
    this.#parts.release?.();
    this.onclose?.({ code, reason });
  }
}
