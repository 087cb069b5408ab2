import type { PrintedPayload } from './format-payload.js';
import { printLabelled } from './print-event.js';
import { type Printer, printFirst, printJson, printsFirst } from './printer.js';

/** An INVOCATION as it came. */
export interface PrintedInvocation extends PrintedPayload {
  readonly procedure: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Prints an invocation: `{"procedure","args","kwargs"}`; with `details` also when it came and its Details. */
export function printInvocation(printer: Printer, invocation: PrintedInvocation, withDetails: boolean): void {
  const { procedure, args, kwargs, details } = invocation;
  const more = withDetails ? { time: new Date().toISOString(), details } : {};
  if (printsFirst(printer)) printFirst(printer, args);
  else if (printer.mode === 'json') printJson(printer, { procedure, args, kwargs, ...more });
  else printLabelled(printer, { uri: procedure, payload: invocation, more: withDetails ? details : {} });
}
