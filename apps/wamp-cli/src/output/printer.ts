import type { OutputMode } from '../global-options.js';
import type { Output } from '../terminal.js';
import { formatJson } from '../values/format-json.js';
import type { Palette } from './palette.js';

/** How results, events and invocations reach stdout. */
export interface Printer {
  readonly mode: OutputMode;
  readonly palette: Palette;
  readonly output: Output;
}

/** Writes one line of JSON; members that are undefined are left out. */
export function printJson(printer: Printer, members: Readonly<Record<string, unknown>>): void {
  printer.output.write(`${formatJson(members)}\n`);
}

/** Whether only the first argument is printed. */
export function printsFirst(printer: Printer): boolean {
  return printer.mode === 'value' || printer.mode === 'raw';
}

/** Writes the first argument alone, for the modes `value` and `raw`. */
export function printFirst(printer: Printer, args: readonly unknown[]): void {
  const value = args[0];
  if (printer.mode === 'value') printer.output.write(`${formatJson(value ?? null)}\n`);
  else if (value instanceof Uint8Array) printer.output.write(value);
  else if (value !== undefined)
    printer.output.write(`${typeof value === 'string' ? value : formatJson(value)}\n`);
}
