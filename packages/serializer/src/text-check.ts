import { isUtf8 } from '#bytes';

/** Above this length the platform's check is worth its view, whatever the bytes are. */
const SHORT_TEXT = 200;

/** Whether `b[i, end)` is UTF-8. */
export function isText(b: Uint8Array, i: number, end: number): boolean {
  if (end - i > SHORT_TEXT) return isUtf8(b, i, end);
  const last = end - 4;
  let high = 0;
  if (i > last) {
    for (let n = i; n < end; n++) high |= b[n] as number;
  } else {
    // By four, and the last four once more: most strings take one or two steps.
    for (let n = i; n < last; n += 4) high |= four(b, n);
    high |= four(b, last);
  }
  return high < 0x80 || isUtf8(b, i, end);
}

function four(b: Uint8Array, n: number): number {
  return (b[n] as number) | (b[n + 1] as number) | (b[n + 2] as number) | (b[n + 3] as number);
}

/** The high bit of each byte of a word. */
const HIGH = 0x8080_8080 | 0;
/** How far beyond its start `isAscii` may read, for a string of up to 31 bytes. */
const REACH = 34;
/** For fewer bytes than these the view that words are read by is not worth making. */
const LEAST_BYTES = 64;
const noBytes = new Uint8Array(0);

/** The view to read bytes by words; the same for the many messages of one read of a socket. */
export class WordView {
  /** What it is a view of. */
  bytes: Uint8Array = noBytes;
  view: DataView = new DataView(noBytes.buffer);
  /** The last position at which `isAscii` may begin; -1: nowhere. */
  last = -1;

  /** Turns to `b`, for a walk over `size` bytes of it: to none of it when they are few. */
  turnTo(b: Uint8Array, size: number): void {
    if (size < LEAST_BYTES) {
      this.bytes = noBytes;
      this.last = -1;
    } else {
      this.bytes = b;
      this.view = new DataView(b.buffer, b.byteOffset, b.length);
      this.last = b.length - REACH;
    }
  }
}

/** Whether the `size` bytes at `i` are ASCII, by words; `false` may also be said of none. Up to 3 bytes more are read. */
export function isAscii(view: DataView, i: number, size: number): boolean {
  let high = 0;
  for (; size > 4; size -= 4) {
    high |= view.getInt32(i, true);
    i += 4;
  }
  // Of the last word those bytes that are the string's.
  high |= view.getInt32(i, true) & (HIGH >>> (-size << 3));
  return (high & HIGH) === 0;
}
