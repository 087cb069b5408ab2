import { isUtf8 } from '#bytes';

/** Above this length the platform's check is worth its view, whatever the bytes are. */
const SHORT_TEXT = 200;

/** Whether `b[i, end)` is UTF-8. */
export function isText(b: Uint8Array, i: number, end: number): boolean {
  if (end - i > SHORT_TEXT) return isUtf8(b, i, end);
  let high = 0;
  for (let n = i; n < end; n++) high |= b[n] as number;
  return high < 0x80 || isUtf8(b, i, end);
}
