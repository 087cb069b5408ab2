/** Writes the low `width` bytes of an integer, highest first; returns the position after them. */
export function writeBigEndian(target: Uint8Array, position: number, value: number, width: number): number {
  for (let at = position + width - 1; at >= position; at -= 1) {
    const rest = Math.floor(value / 256);
    target[at] = value - rest * 256;
    value = rest;
  }
  return position + width;
}

/** Reads `width` bytes, highest first. */
export function readBigEndian(bytes: Uint8Array, position: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i += 1) value = value * 256 + bytes[position + i];
  return value;
}
