import type { CheckResult } from '@wampkit/conformance';
import { printable } from './printable.js';
import { type Printer, printJson } from './printer.js';

/** Prints how a check of `conformance` ended. */
export function printCheck(printer: Printer, result: CheckResult): void {
  const { id, title, level, outcome, message, duration } = result;
  if (printer.mode !== 'pretty') {
    printJson(printer, { id, title, level, outcome, message, duration: Math.round(duration) });
    return;
  }
  const { palette, output } = printer;
  const paint = outcome === 'failed' ? palette.error : outcome === 'passed' ? palette.string : palette.dim;
  const why = message === undefined ? '' : `\n        ${palette.dim(printable(message))}`;
  output.write(`${paint(outcome.padEnd(7))} ${palette.uri(id)} ${title} ${palette.dim(level)}${why}\n`);
}
