import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type CloseReason,
  type Message,
  type Payload,
  type Peer,
  ProtocolError,
  type SharedMessage,
  type Timer,
  type TransportInfo,
  WampError,
} from '@wampkit/protocol';
import { batchFormatOf } from '../batch/batch-format.js';
import { limits } from '../limits.js';
import { tooLarge } from '../message-size.js';
import type { Frame, FrameEncoder } from '../peer/frame-encoder.js';
import type { SweptPeer } from '../peer/open-peers.js';
import type { PeerHost } from '../peer/peer-host.js';
import type { Slab } from '../peer/slab.js';
import type { TurnMember } from '../peer/turn.js';
import { AnswerQueue } from './answer-queue.js';
import { ReceiveSlot } from './receive-slot.js';
import { SendLine } from './send-line.js';

/** What a long-poll peer is made of. */
export interface LongPollParts {
  readonly host: PeerHost;
  readonly encoder: FrameEncoder;
  readonly transport: TransportInfo;
  readonly batched: boolean;
  /** The largest message that goes out: bytes. */
  readonly sendLimit: number;
  /** ms */
  readonly holdTime: number;
  /** ms */
  readonly idleTimeout: number;
  /** The transport has ended: its id stands for nothing any more. */
  onEnd(): void;
}

const POISON = 0xa5;

/** A send that is being delivered. */
interface Delivery {
  readonly body: Buffer;
  at: number;
  readonly done: () => void;
}

/** The router's end of a WAMP session over HTTP long-poll (LP-02, LP-03). */
export class LongPollPeer implements Peer, TurnMember, SweptPeer {
  readonly transport: TransportInfo;
  onMessage: ((message: Message) => void) | null = null;
  onViolation: ((error: ProtocolError) => void) | null = null;
  onClose: ((reason: CloseReason) => void) | null = null;

  readonly #parts: LongPollParts;
  readonly #queue: AnswerQueue;
  readonly #slot: ReceiveSlot;
  readonly #line: SendLine;
  #delivery: Delivery | null = null;
  #dirty = false;
  #paused = false;
  /** Has had its share of this turn, with messages left. */
  #rests = false;
  #reason: CloseReason | null = null;
  #ended = false;
  /** Whether the other end can still come for what it has not received. */
  #reachable = true;
  #idleTimer: Timer | null = null;
  #closeTimer: Timer | null = null;

  constructor(parts: LongPollParts) {
    const { host, encoder, holdTime, batched } = parts;
    this.#parts = parts;
    this.transport = parts.transport;
    this.#queue = new AnswerQueue(batched, host.maxMessageSize);
    const contentType = encoder.serializer.binary
      ? 'application/octet-stream'
      : 'application/json; charset=utf-8';
    this.#slot = new ReceiveSlot(
      {
        onIdle: () => this.#idle(),
        onReady: () => this.endTurn(),
        onLost: (messages) => this.#queue.putBack(messages),
      },
      { clock: host.clock, holdTime, contentType },
    );
    this.#line = new SendLine(
      {
        onBody: (body, done) => this.#takeBody(body, done),
        onTooLarge: () =>
          this.#fail(new WampError(`received a body larger than ${host.maxMessageSize} bytes`)),
        onClose: () => this.#finish({ clean: true, message: 'closed by the other end' }),
      },
      host.maxMessageSize,
    );
    host.peers.add(this);
    this.#watch();
  }

  get encoding(): string {
    return this.#parts.encoder.encoding;
  }

  get congested(): boolean {
    return this.#queue.size > this.#parts.host.bounds.highWaterMark;
  }

  get queuedBytes(): number {
    return this.#queue.size;
  }

  /** Takes a receive: held until there is something to receive (LP-02). */
  takeReceive(response: ServerResponse): void {
    this.#idleTimer?.cancel();
    this.#idleTimer = null;
    this.#slot.hold(response);
  }

  /** Takes a send. */
  takeSend(request: IncomingMessage, response: ServerResponse): void {
    this.#line.add(request, response, false);
  }

  /** Takes the request that closes, behind the sends that came before it. */
  takeClose(request: IncomingMessage, response: ServerResponse): void {
    this.#line.add(request, response, true);
  }

  send(message: Message): WampError | null {
    if (this.#reason !== null) return null;
    return this.#enqueue(this.#parts.encoder.encode(message, this.#parts.sendLimit));
  }

  sendShared(shared: SharedMessage): WampError | null {
    if (this.#reason !== null) return null;
    const { encoder, sendLimit } = this.#parts;
    const frame = encoder.encodeShared(shared);
    if (frame.length > sendLimit && frame.error === null)
      return tooLarge(shared.message, frame.length, sendLimit);
    return this.#enqueue(frame);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#delivery !== null) queueMicrotask(() => this.#deliver());
  }

  close(reason = 'closed'): void {
    if (this.#reason !== null) return;
    this.#reason = { clean: true, message: `closed here: ${reason}` };
    const delivery = this.#delivery;
    this.#delivery = null;
    // Its last message may be what this answers: it was taken.
    if (delivery !== null && delivery.at >= delivery.body.length) delivery.done();
    this.#line.end(`This transport has ended: ${oneLine(reason)}`);
    this.#closeTimer = this.#parts.host.clock.setTimer(limits.closeTimeout, () => this.#giveUp());
    this.endTurn();
  }

  /** Closes when no new connections are taken any more: who is not there now cannot come back. */
  closeLast(reason: string): void {
    this.close(reason);
    this.#reachable = false;
    if (this.#slot.idle) this.#giveUp();
  }

  /** Answers a receive that waits with what is queued. */
  endTurn(): void {
    this.#dirty = false;
    if (!this.#slot.ready || this.#ended) return;
    if (!this.#queue.isEmpty) this.#slot.answer(this.#queue.take());
    else if (this.#reason !== null) this.#finish(this.#reason);
  }

  readOn(): void {
    this.#rests = false;
    this.#deliver();
  }

  /** A receive that is not renewed is what tells that the other end has gone; see `#watch`. */
  checkSilence(): void {}

  #enqueue(frame: Frame): WampError | null {
    if (frame.error !== null) return frame.error;
    const { host } = this.#parts;
    this.#queue.add(Buffer.from((frame.slab as Slab).bytes.subarray(frame.start, frame.end)));
    if (!this.#dirty) {
      this.#dirty = true;
      host.turn.addDirty(this);
    }
    const { hardLimit } = host.bounds;
    if (this.#queue.size > hardLimit)
      this.#fail(
        new WampError(`send queue over its hard limit of ${hardLimit} bytes: the other end reads too slowly`),
      );
    return null;
  }

  #takeBody(body: Buffer, done: () => void): void {
    const { batched, encoder } = this.#parts;
    const fault = batched ? batchFormatOf(encoder.serializer).findFault(body) : null;
    // BAT-02
    if (fault !== null) {
      this.#violate(new ProtocolError(`${fault} received`));
      return;
    }
    this.#delivery = { body, at: 0, done };
    this.#deliver();
  }

  /** A pause takes effect before the next message, and one send gets no more of a turn than one read does elsewhere. */
  #deliver(): void {
    const delivery = this.#delivery;
    if (delivery === null) return;
    const from = delivery.at;
    while (this.#delivery === delivery && !this.#paused && !this.#rests) {
      if (delivery.at >= delivery.body.length && delivery.body.length > 0) {
        this.#delivery = null;
        delivery.done();
      } else if (delivery.at - from >= limits.readSize) {
        this.#rests = true;
        this.#parts.host.turn.addHeld(this);
      } else {
        this.#deliverNext(delivery);
      }
    }
  }

  #deliverNext(delivery: Delivery): void {
    const { batched, encoder } = this.#parts;
    const { body, at } = delivery;
    if (!batched) {
      delivery.at = body.length;
      this.#dispatch(body, 0, body.length);
      return;
    }
    const format = batchFormatOf(encoder.serializer);
    const end = format.endOf(body, at);
    delivery.at = format.nextAt(end);
    this.#dispatch(body, format.startOf(at), end);
  }

  #dispatch(body: Buffer, start: number, end: number): void {
    const { encoder, host } = this.#parts;
    let message: Message;
    try {
      message = encoder.serializer.decode(body, start, end);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#violate(error);
      return;
    }
    this.onMessage?.(message);
    if (!host.poisonReads) return;
    (message as { payload?: Payload }).payload?.revoke();
    body.fill(POISON, start, end);
  }

  #violate(error: ProtocolError): void {
    this.#delivery = null;
    this.#line.refuse(oneLine(error.message));
    this.#line.end('This transport has ended: what was sent was no WAMP message.');
    if (this.onViolation === null) this.close(error.message);
    else this.onViolation(error);
  }

  #idle(): void {
    if (this.#reachable) this.#watch();
    else this.#giveUp();
  }

  /** Gives the other end up when it does not ask for messages any more (LP-04). */
  #watch(): void {
    if (this.#ended || this.#idleTimer !== null) return;
    const { host, idleTimeout } = this.#parts;
    if (idleTimeout === 0) return;
    this.#idleTimer = host.clock.setTimer(idleTimeout, () =>
      this.#fail(new WampError(`no receive was asked for within ${idleTimeout} ms`)),
    );
  }

  /** Whoever was told that this is the end has not come for it. */
  #giveUp(): void {
    if (this.#queue.isEmpty) this.#finish(this.#reason as CloseReason);
    else this.#finish({ clean: false, message: 'what was sent last has not been received' });
  }

  #fail(error: Error): void {
    this.#queue.clear();
    this.#finish({ clean: false, message: error.message, error });
  }

  #finish(reason: CloseReason): void {
    if (this.#ended) return;
    this.#ended = true;
    const known = this.#reason;
    if (known === null) this.#reason = reason;
    else if (!reason.clean) this.#reason = { ...reason, message: `${known.message}; ${reason.message}` };
    const ending = (this.#reason as CloseReason).message;
    this.#delivery = null;
    this.#idleTimer?.cancel();
    this.#closeTimer?.cancel();
    this.#queue.clear();
    this.#line.end(`This transport has ended: ${oneLine(ending)}`);
    this.#slot.answerEnd(`This transport has ended: ${oneLine(ending)}`);
    this.#parts.host.peers.delete(this);
    this.#parts.onEnd();
    queueMicrotask(() => this.onClose?.(this.#reason as CloseReason));
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
