/** Below this length words are not worth their alignment. */
const WORDWISE = 16;

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Masks the bytes of WebSocket frames (RFC 6455, 5.3), which is its own inverse. It keeps the view of the last buffer: one
 * serves many peers.
 */
export class Masking {
  #words: Int32Array = new Int32Array(0);

  /** Masks `[start, end)` of `bytes`, in place, by the 4-byte key before it. */
  apply(bytes: Buffer, start: number, end: number): void {
    // The key as it is repeated: its next byte is the lowest.
    let key =
      (bytes[start - 4] as number) |
      ((bytes[start - 3] as number) << 8) |
      ((bytes[start - 2] as number) << 16) |
      ((bytes[start - 1] as number) << 24);
    let at = start;
    if (end - start >= WORDWISE) {
      const offset = bytes.byteOffset;
      for (; ((offset + at) & 3) !== 0; at++) {
        bytes[at] = (bytes[at] as number) ^ key;
        key = (key >>> 8) | (key << 24);
      }
      at = this.#applyWords(bytes, key, { at, end });
    }
    for (; at < end; at++) {
      bytes[at] = (bytes[at] as number) ^ key;
      key = (key >>> 8) | (key << 24);
    }
  }

  /** Masks by words from an aligned position on; returns where the last word ends. */
  #applyWords(bytes: Buffer, key: number, range: { at: number; end: number }): number {
    const { buffer, byteOffset } = bytes;
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    const words = this.#words;
    const word = isLittleEndian ? key : swapBytes(key);
    const last = (byteOffset + range.end) >> 2;
    let i = (byteOffset + range.at) >> 2;
    for (const lastFour = last - 3; i < lastFour; i += 4) {
      words[i] = (words[i] as number) ^ word;
      words[i + 1] = (words[i + 1] as number) ^ word;
      words[i + 2] = (words[i + 2] as number) ^ word;
      words[i + 3] = (words[i + 3] as number) ^ word;
    }
    for (; i < last; i++) words[i] = (words[i] as number) ^ word;
    return last * 4 - byteOffset;
  }
}

function swapBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
