import {
  type Message,
  type Payload,
  type Serializer,
  type SharedMessage,
  WampError,
} from '@wampkit/protocol';
import { limits } from '../limits.js';
import { tooLarge } from '../message-size.js';
import { type Framing, MAX_HEADER } from './framing.js';
import type { Slab, SlabLane } from './slab.js';

/** A frame, built once: bytes `start` to `end` of `slab`, or why there is none. */
export class Frame {
  slab: Slab | null = null;
  start = 0;
  end = 0;
  /** Bytes of the message in it. */
  length = 0;
  error: WampError | null = null;
  /** That of its lane when it was built. */
  generation = 0;
}

/** Space beyond the payload for header and options, where a frame gets a slab of its own. */
const SLACK = 1024;

/**
 * Builds frames in place: the serializer writes behind the room left for the frame header. One encoder serves all
 * peers of a listener that have the same serializer and framing, and is the key of their frames in `SharedMessage`.
 */
export class FrameEncoder {
  /** `Peer.encoding`, such as `json/websocket`. */
  readonly encoding: string;
  readonly serializer: Serializer;
  readonly framing: Framing;
  readonly #unicast: SlabLane;
  readonly #fanOut: SlabLane;
  readonly #last = new Frame();
  /** Header size of the last frame by message code: a guess that is nearly always right. */
  readonly #headers = new Uint8Array(512);

  constructor(serializer: Serializer, framing: Framing, lanes: { unicast: SlabLane; fanOut: SlabLane }) {
    this.serializer = serializer;
    this.framing = framing;
    this.encoding = `${serializer.name}/${framing.name}`;
    this.#unicast = lanes.unicast;
    this.#fanOut = lanes.fanOut;
  }

  /**
   * Builds the frame of `message` for one peer.
   *
   * @param limit the largest message that the other end takes, bytes
   * @returns the frame, valid until the next call; its `error` tells why there is none: too large (BP-RPC-09), or a
   *   value without a form in the serializer
   */
  encode(message: Message, limit: number): Frame {
    const frame = this.#last;
    frame.slab = null;
    this.#build(message, this.#unicast, { frame, limit });
    return frame;
  }

  /** The frame of a shared message for all peers of this encoder, built on first use, and again after a flush. */
  encodeShared(shared: SharedMessage): Frame {
    const { generation } = this.#fanOut;
    const known = shared.frames.get(this) as Frame | undefined;
    if (known !== undefined && known.generation === generation) return known;
    const frame = new Frame();
    frame.generation = generation;
    this.#build(shared.message, this.#fanOut, { frame, limit: Number.POSITIVE_INFINITY });
    shared.frames.set(this, frame);
    return frame;
  }

  #build(message: Message, lane: SlabLane, into: { frame: Frame; limit: number }): void {
    const { frame, limit } = into;
    try {
      const slab = this.#encodeInto(message, lane, frame);
      frame.error = frame.length > limit ? tooLarge(message, frame.length, limit) : null;
      if (frame.error === null) slab.position = frame.end;
    } catch (error) {
      if (!(error instanceof WampError)) throw error;
      frame.error = error;
    }
  }

  #encodeInto(message: Message, lane: SlabLane, frame: Frame): Slab {
    const payload = payloadSize(message);
    const header = this.#headers[message.code] || this.framing.headerSize(0);
    let slab = payload > limits.slabFrame ? lane.large(payload + SLACK) : lane.current();
    let from = slab.position + header;
    let end = this.serializer.encodeInto(slab.bytes, from, message);
    // The reserve is for a header that turns out longer than the guess.
    while (end + MAX_HEADER - header > slab.bytes.length) {
      slab = roomierSlab(lane, end - from + MAX_HEADER);
      from = slab.position + header;
      end = this.serializer.encodeInto(slab.bytes, from, message);
    }
    frame.slab = slab;
    frame.start = slab.position;
    frame.length = end - from;
    frame.end = this.#seal(frame, header, message.code);
    return slab;
  }

  /** Puts the frame header before the message, which moves when room was left for another header. */
  #seal(frame: Frame, guess: number, code: number): number {
    const { start, length } = frame;
    const bytes = (frame.slab as Slab).bytes;
    const header = this.framing.headerSize(length);
    if (header !== guess) {
      bytes.copyWithin(start + header, start + guess, start + guess + length);
      this.#headers[code] = header;
    }
    this.framing.seal(bytes, start, length);
    return start + header + length;
  }
}

function roomierSlab(lane: SlabLane, size: number): Slab {
  return size > Math.min(limits.slabFrame, lane.size) ? lane.large(size) : lane.renew();
}

/** Encoded bytes of a message's payload; 0 when it has none or holds values. */
function payloadSize(message: Message): number {
  const payload = (message as { payload?: Payload }).payload;
  return payload === undefined ? 0 : payload.end - payload.start;
}
