import { quote } from '../values/format-json.js';
import { formatPretty } from '../values/format-pretty.js';
import type { Palette } from './palette.js';

/** Arguments and ArgumentsKw. */
export interface PrintedPayload {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** A payload for people, in the form in which it is typed: `1 "two" k=3`, on one line where that fits. */
export function formatPayload(payload: PrintedPayload, palette: Palette, width: number): string {
  const line = parts(payload, palette, Number.POSITIVE_INFINITY).join(' ');
  if (visibleLength(line) <= width) return line;
  return parts(payload, palette, width).join('\n');
}

function parts({ args, kwargs }: PrintedPayload, palette: Palette, width: number): string[] {
  const layout = { palette, width };
  return [
    ...args.map((value) => formatPretty(value, layout)),
    ...Object.entries(kwargs).map(
      ([key, value]) => `${palette.key(printedKey(key))}=${formatPretty(value, layout)}`,
    ),
  ];
}

function printedKey(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$.-]*$/u.test(key) ? key : quote(key);
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that chalk wrote
  return text.replace(/\u001b\[\d+m/g, '').length;
}
