import type { Framing } from '../peer/framing.js';

/** Bytes of a RawSocket frame header (RS-06). */
export const RAWSOCKET_HEADER = 4;
/** The largest message that RawSocket can carry (RS-06). */
export const RAWSOCKET_MAX = 2 ** 24;

/** Types of RawSocket frames, the low three bits of the first octet (RS-06). */
export const FrameType = { Wamp: 0, Ping: 1, Pong: 2 } as const;

/** The extra bit: a message of exactly 2^24 bytes, whose length field is 0 (RS-06). */
export const EXTRA_BIT = 0x08;

/** Writes a frame header at `position`. `length` may be up to 2^24. */
export function writeRawSocketHeader(
  target: Uint8Array,
  position: number,
  frame: { type: number; length: number },
): void {
  const { type, length } = frame;
  target[position] = length === RAWSOCKET_MAX ? type | EXTRA_BIT : type;
  target[position + 1] = length >>> 16;
  target[position + 2] = length >>> 8;
  target[position + 3] = length;
}

/** RawSocket frames of WAMP messages (RS-06). */
export const rawSocketFraming: Framing = {
  name: 'rawsocket',
  headerSize: () => RAWSOCKET_HEADER,
  seal(target, position, length) {
    target[position] = length === RAWSOCKET_MAX ? EXTRA_BIT : FrameType.Wamp;
    target[position + 1] = length >>> 16;
    target[position + 2] = length >>> 8;
    target[position + 3] = length;
  },
};
