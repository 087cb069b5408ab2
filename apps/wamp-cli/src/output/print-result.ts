import { formatPayload, type PrintedPayload } from './format-payload.js';
import { type Printer, printFirst, printJson, printsFirst } from './printer.js';

/** A RESULT, progressive or final. */
export interface PrintedResult extends PrintedPayload {
  readonly details: Readonly<Record<string, unknown>>;
}

/** What of a result is printed besides its payload. */
export interface ResultParts {
  /** Whether it is a progressive one; absent when the caller did not ask for progress. */
  readonly progress?: boolean;
  readonly details?: boolean;
}

/** Prints the result of a call: `{"args","kwargs"}`, with `progress` and `details` where asked for. */
export function printResult(printer: Printer, result: PrintedResult, shown: ResultParts): void {
  const { args, kwargs } = result;
  const { progress } = shown;
  const details = shown.details ? result.details : undefined;
  if (printsFirst(printer)) printFirst(printer, args);
  else if (printer.mode === 'json') printJson(printer, { progress, args, kwargs, details });
  else printPretty(printer, result, shown);
}

function printPretty({ palette, output }: Printer, result: PrintedResult, shown: ResultParts): void {
  const mark = shown.progress ? `${palette.dim('..')} ` : '';
  const payload =
    formatPayload(result, palette, output.columns - mark.length) || palette.dim('(empty result)');
  output.write(`${mark}${payload}\n`);
  if (!shown.details) return;
  const details = formatPayload({ args: [result.details], kwargs: {} }, palette, output.columns);
  output.write(`${palette.dim('details')} ${details}\n`);
}
