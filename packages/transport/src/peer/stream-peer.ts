import type { Socket } from 'node:net';
import {
  type CloseReason,
  type Message,
  type Payload,
  type Peer,
  ProtocolError,
  type SharedMessage,
  type TransportInfo,
  WampError,
} from '@wampkit/protocol';
import { limits } from '../limits.js';
import { tooLarge } from '../message-size.js';
import type { Frame, FrameEncoder } from './frame-encoder.js';
import type { Framing } from './framing.js';
import type { KeepaliveTimes, SweptPeer } from './open-peers.js';
import type { PeerHost } from './peer-host.js';
import { SendQueue } from './send-queue.js';
import { shareReads } from './shared-reads.js';
import type { Slab } from './slab.js';
import type { TurnMember } from './turn.js';

/** What a new peer is made of besides its socket. */
export interface PeerParts {
  readonly host: PeerHost;
  readonly encoder: FrameEncoder;
  readonly transport: TransportInfo;
  /** The largest message that the other end takes, bytes. */
  readonly sendLimit: number;
}

const POISON = 0xa5;

/** A peer over a byte stream: queueing, delivery, pauses and the end, which WebSocket and RawSocket share. */
export abstract class StreamPeer implements Peer, TurnMember, SweptPeer {
  readonly transport: TransportInfo;
  onMessage: ((message: Message) => void) | null = null;
  onViolation: ((error: ProtocolError) => void) | null = null;
  onClose: ((reason: CloseReason) => void) | null = null;

  protected readonly host: PeerHost;
  protected readonly encoder: FrameEncoder;
  protected readonly socket: Socket;
  protected readonly sendLimit: number;
  readonly #queue: SendQueue;

  /** Received and not yet delivered, because of a pause. */
  #inbox: (Buffer | ProtocolError)[] | null = null;
  #drainScheduled = false;
  #paused = false;
  /** Waits for the next turn before it reads on; so does a new peer, whose owner sets its handlers. */
  #held = true;
  /** Has had its share of this turn, with messages left. */
  #rests = false;
  #reading = true;
  #violated = false;
  #closing = false;
  #closed = false;
  #notified = false;
  /** Why it ended, as soon as that is known. */
  #reason: CloseReason | null = null;
  #turn = -1;
  #readInTurn = 0;
  #heardAt: number;
  #pingedAt = -1;
  #backlog = 0;

  constructor(socket: Socket, parts: PeerParts) {
    this.socket = socket;
    this.host = parts.host;
    this.encoder = parts.encoder;
    this.transport = parts.transport;
    this.sendLimit = parts.sendLimit;
    const { turn, bounds, peers } = parts.host;
    this.#queue = new SendQueue(socket, this, { turn, bounds, copies: parts.transport.secure === true });
    this.#heardAt = peers.now;
    peers.add(this);
  }

  /** To be called when the peer's listeners are in place: it reads from the next turn on. */
  protected begin(): void {
    this.#flow();
    this.host.turn.addHeld(this);
  }

  /** Lets the socket read into the buffer of its host, where there is one and the bytes are not encrypted. */
  protected shareReads(onRead: Parameters<typeof shareReads>[2]): void {
    const { readBuffer } = this.host;
    if (readBuffer !== null && this.transport.secure !== true) shareReads(this.socket, readBuffer, onRead);
  }

  /** Ends the transport in order, behind what was flushed. */
  protected abstract endTransport(reason: string): void;
  protected abstract ping(): void;
  protected abstract stopReading(): void;
  protected abstract startReading(): void;
  /** Told of the bytes that were no WAMP message, before the violation is. */
  protected noteMalformed(_bytes: Uint8Array): void {}

  /** Whether the other end sent what is no WAMP message. */
  protected get violated(): boolean {
    return this.#violated;
  }

  protected get ended(): boolean {
    return this.#closed;
  }

  /** Whether `fail` ended it: what still comes in is of no use. */
  protected get failed(): boolean {
    return this.#reason !== null && !this.#reason.clean;
  }

  get encoding(): string {
    return this.encoder.encoding;
  }

  get congested(): boolean {
    return this.#queue.congested;
  }

  get queuedBytes(): number {
    return this.#closed ? 0 : this.#queue.size;
  }

  send(message: Message): WampError | null {
    return this.#closing || this.#closed ? null : this.enqueue(this.encoder.encode(message, this.sendLimit));
  }

  sendShared(shared: SharedMessage): WampError | null {
    if (this.#closing || this.#closed) return null;
    const frame = this.encoder.encodeShared(shared);
    if (frame.length > this.sendLimit && frame.error === null)
      return tooLarge(shared.message, frame.length, this.sendLimit);
    return this.enqueue(frame);
  }

  /** Puts all that is queued and not yet flushed into one frame. */
  protected wrapQueued(framing: Framing, copies: boolean): void {
    this.#queue.wrap(framing, { lane: this.host.lanes.unicast, copies });
  }

  /** Queues a built frame. */
  protected enqueue(frame: Frame): WampError | null {
    if (frame.error !== null) return frame.error;
    if (this.#queue.append(frame.slab as Slab, frame.start, frame.end)) this.overflow();
    return null;
  }

  protected overflow(): void {
    const { hardLimit } = this.host.bounds;
    this.fail(
      new WampError(`send queue over its hard limit of ${hardLimit} bytes: the other end reads too slowly`),
    );
  }

  endTurn(): void {
    this.#queue.flush();
  }

  /** Writes everything that is queued, before the transport ends. */
  flush(): void {
    this.#queue.flushAll();
  }

  pause(): void {
    this.#paused = true;
    this.#flow();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  close(reason = 'closed'): void {
    if (this.#closed) this.#giveUpInbox();
    if (this.#closed || this.#closing) return;
    this.flush();
    this.#closing = true;
    this.#inbox = null;
    this.#reason = { clean: true, message: `closed here: ${reason}` };
    this.endTransport(reason);
    this.#flow();
  }

  /** Ends the transport at once because of an error; what is queued is lost. */
  protected fail(error: Error): void {
    if (this.#closed) return;
    this.#closing = true;
    this.#inbox = null;
    this.#queue.drop();
    this.#reason = { clean: false, message: error.message, error };
    this.socket.destroy();
  }

  /** Called when bytes came in: the other end lives, and a turn has an end. */
  protected countRead(bytes: number): void {
    const { turn, peers } = this.host;
    this.#heardAt = peers.now;
    if (this.#turn !== turn.number) {
      this.#turn = turn.number;
      this.#readInTurn = 0;
      turn.begin();
    }
    this.#readInTurn += bytes;
    if (this.#readInTurn < limits.readHold || this.#held) return;
    this.#held = true;
    turn.addHeld(this);
    this.#flow();
  }

  readOn(): void {
    this.#held = false;
    this.#rests = false;
    this.#flow();
  }

  /** Takes one message as it came in, or what came in instead of one. */
  protected receive(bytes: Buffer, start: number, end: number): void {
    if (this.#closing || this.#violated) return;
    if (this.#paused || this.#inbox !== null)
      (this.#inbox ??= []).push(Buffer.from(bytes.subarray(start, end)));
    else this.#dispatch(bytes, start, end);
  }

  /** Whether another message may be delivered in this call. */
  protected get mayDeliver(): boolean {
    return !(this.#paused || this.#closing || this.#violated);
  }

  /** Takes several messages at once, of which none has been delivered; `deliverAll` will. */
  protected receiveAll(bytes: Buffer): void {
    if (this.#closing || this.#violated) return;
    if (this.#paused || this.#inbox !== null) (this.#inbox ??= []).push(Buffer.from(bytes));
    else {
      const rest = this.deliverAll(bytes);
      if (rest !== null) this.#keepRest(Buffer.from(rest));
    }
  }

  /** Delivers what was received. Returns what cannot be delivered now. */
  protected deliverAll(bytes: Buffer): Buffer | null {
    this.#dispatch(bytes, 0, bytes.length);
    return null;
  }

  /** Delivers one of several messages; to be followed by a look at `mayDeliver`. */
  protected deliverOne(bytes: Buffer, start: number, end: number): void {
    this.#dispatch(bytes, start, end);
  }

  #keepRest(bytes: Buffer): void {
    if (this.#closing || this.#violated) return;
    (this.#inbox ??= []).unshift(bytes);
    this.#flow();
  }

  /** Stops until the next turn: this peer has had its share of this one. */
  protected endShare(): void {
    this.#rests = true;
    this.host.turn.addHeld(this);
  }

  protected receiveViolation(error: ProtocolError): void {
    if (this.#closing || this.#violated) return;
    if (this.#paused || this.#inbox !== null) (this.#inbox ??= []).push(error);
    else this.#violate(error);
  }

  #dispatch(bytes: Buffer, start: number, end: number): void {
    let message: Message;
    try {
      message = this.encoder.serializer.decode(bytes, start, end);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.noteMalformed(bytes.subarray(start, end));
      this.#violate(error);
      return;
    }
    this.onMessage?.(message);
    if (!this.host.poisonReads) return;
    (message as { payload?: Payload }).payload?.revoke();
    bytes.fill(POISON, start, end);
  }

  #violate(error: ProtocolError): void {
    this.#violated = true;
    this.#inbox = null;
    this.#flow();
    if (this.onViolation === null) this.close(error.message);
    else this.onViolation(error);
  }

  /** Reads when nothing speaks against it, and delivers what waited for a pause to end. */
  #flow(): void {
    const waits = this.#inbox !== null;
    const reads = this.#closing ? !this.#held : !(this.#held || this.#paused || this.#violated || waits);
    if (waits && !(this.#paused || this.#rests || this.#drainScheduled)) {
      this.#drainScheduled = true;
      queueMicrotask(() => this.#drain());
    }
    if (reads === this.#reading || this.#closed) return;
    this.#reading = reads;
    if (reads) this.startReading();
    else this.stopReading();
  }

  #drain(): void {
    this.#drainScheduled = false;
    const inbox = this.#inbox;
    while (inbox !== null && inbox === this.#inbox && inbox.length > 0 && !(this.#paused || this.#rests)) {
      const next = inbox.shift() as Buffer | ProtocolError;
      if (next instanceof ProtocolError) this.#violate(next);
      else {
        const rest = this.deliverAll(next);
        if (rest !== null) this.#keepRest(rest);
      }
    }
    if (this.#inbox?.length === 0) this.#inbox = null;
    this.#flow();
    if (this.#closed && this.#inbox === null) this.#end();
  }

  /** Called by the transport when it has ended; `reason` is how it looks from there. */
  protected finish(reason: CloseReason): void {
    if (this.#closed) return;
    this.#closed = true;
    const known = this.#reason;
    if (known === null) this.#reason = reason;
    else if (known.clean && !reason.clean)
      this.#reason = { ...reason, message: `${known.message}; ${reason.message}` };
    this.#queue.drop();
    this.host.peers.delete(this);
    if (this.#inbox === null) this.#end();
  }

  /** The transport has ended, but messages that came before the end waited: the owner does not want them any more. */
  #giveUpInbox(): void {
    this.#inbox = null;
    queueMicrotask(() => this.#end());
  }

  #end(): void {
    if (this.#notified) return;
    this.#notified = true;
    this.onClose?.(this.#reason as CloseReason);
  }

  checkSilence(now: number, times: KeepaliveTimes): void {
    const backlog = this.socket.writableLength;
    const takes = backlog < this.#backlog;
    this.#backlog = backlog;
    if (takes || !this.#reading) this.#heardAt = now;
    if (now - this.#heardAt < times.pingInterval || this.#closing) return;
    if (this.#pingedAt <= this.#heardAt) {
      this.#pingedAt = now;
      this.ping();
    } else if (times.pingTimeout > 0 && now - this.#pingedAt >= times.pingTimeout) {
      this.fail(new WampError(`no answer to a ping within ${times.pingTimeout} ms`));
    }
  }
}
