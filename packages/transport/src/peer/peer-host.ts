import { type Clock, type Serializer, systemClock } from '@wampkit/protocol';
import { limits } from '../limits.js';
import { Masking } from '../websocket/masking.js';
import { BufferPool } from './buffer-pool.js';
import { FrameEncoder } from './frame-encoder.js';
import type { Framing } from './framing.js';
import { OpenPeers, type SweptPeer } from './open-peers.js';
import type { QueueBounds } from './send-queue.js';
import { SlabLane } from './slab.js';
import { Turn } from './turn.js';

/** Options that listeners and clients have in common. */
export interface PeerOptions {
  /** Largest message taken and, over WebSocket, sent: bytes, 16 MiB by default. */
  maxMessageSize?: number | undefined;
  /** Send queue above which a peer is congested: bytes, 4 MiB by default. */
  highWaterMark?: number | undefined;
  /** Send queue above which a peer is closed: bytes, 64 MiB by default. */
  hardLimit?: number | undefined;
  /** Silence after which the other end is pinged: ms, 30 s by default, 0 turns it off. */
  pingInterval?: number | undefined;
  /** Silence after a ping after which the peer is closed: ms, 10 s by default, 0 turns it off. */
  pingTimeout?: number | undefined;
  clock?: Clock | undefined;
  /**
   * For tests: overwrites received bytes when their message has been dispatched and ends the loan of its payload, so
   * that use without `retain()` is found.
   */
  poisonReads?: boolean | undefined;
}

/** What the peers of one listener, or the one of a client, share: bounds, slabs, the turn, the sweep. */
export class PeerHost {
  readonly clock: Clock;
  readonly bounds: QueueBounds;
  readonly maxMessageSize: number;
  readonly poisonReads: boolean;
  readonly turn: Turn;
  readonly peers: OpenPeers<SweptPeer>;
  /** For large frames, both ways. */
  readonly pool = new BufferPool();
  /** What the peers of a listener read into, one at a time; `null` at a client. */
  readonly readBuffer: Buffer | null;
  /** Of WebSocket frames at the server's end. */
  readonly masking = new Masking();
  /** Where frames are built. */
  readonly lanes: { readonly unicast: SlabLane; readonly fanOut: SlabLane };
  readonly #encoders = new Map<string, FrameEncoder>();

  constructor(options: PeerOptions, end: 'listener' | 'client' = 'listener') {
    const slabSize = end === 'client' ? limits.clientSlabSize : limits.slabSize;
    this.clock = options.clock ?? systemClock;
    this.maxMessageSize = options.maxMessageSize ?? limits.messageSize;
    this.poisonReads = options.poisonReads ?? false;
    this.bounds = {
      highWaterMark: options.highWaterMark ?? limits.highWaterMark,
      hardLimit: options.hardLimit ?? limits.hardLimit,
    };
    this.lanes = { unicast: new SlabLane(this.pool, slabSize), fanOut: new SlabLane(this.pool, slabSize) };
    this.readBuffer = end === 'client' ? null : Buffer.allocUnsafeSlow(limits.readSize);
    this.turn = new Turn(() => {
      this.lanes.unicast.rewind();
      this.lanes.fanOut.rewind();
    });
    this.peers = new OpenPeers(this.clock, {
      pingInterval: options.pingInterval ?? limits.pingInterval,
      pingTimeout: options.pingTimeout ?? limits.pingTimeout,
    });
  }

  /**
   * The encoder of all peers of a framing and serializer.
   *
   * @param framing makes the framing, the first time
   */
  encoder(type: Framing['name'], serializer: Serializer, framing: () => Framing): FrameEncoder {
    const key = `${type}/${serializer.name}`;
    const known = this.#encoders.get(key);
    if (known !== undefined) return known;
    const encoder = new FrameEncoder(serializer, framing(), this.lanes);
    this.#encoders.set(key, encoder);
    return encoder;
  }
}
