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
