import { formatPayload, type PrintedPayload } from './format-payload.js';
import { printable } from './printable.js';
import { type Printer, printFirst, printJson, printsFirst } from './printer.js';

/** An EVENT as it came. */
export interface PrintedEvent extends PrintedPayload {
  /** The topic it was published to, whatever the match policy of the subscription. */
  readonly topic: string;
  readonly publication: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** When it came, RFC 3339. Default: now. */
  readonly time?: string;
}

/** Prints an event: `{"topic","args","kwargs"}`; with `details` also its publication, when it came, and its Details. */
export function printEvent(printer: Printer, event: PrintedEvent, withDetails: boolean): void {
  const { topic, args, kwargs, publication, details, time = new Date().toISOString() } = event;
  const more = withDetails ? { publication, time, details } : {};
  if (printsFirst(printer)) printFirst(printer, args);
  else if (printer.mode === 'json') printJson(printer, { topic, args, kwargs, ...more });
  else
    printLabelled(printer, {
      uri: topic,
      payload: event,
      time: new Date(time),
      more: withDetails ? { publication, ...details } : {},
    });
}

/** An event or invocation for people. */
export interface Labelled {
  readonly uri: string;
  readonly payload: PrintedPayload;
  /** Default: now. */
  readonly time?: Date;
  /** What stands in a line of its own below. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Prints an event or invocation for people: local time, URI, payload. */
export function printLabelled({ palette, output }: Printer, labelled: Labelled): void {
  const { uri, payload, more } = labelled;
  const time = (labelled.time ?? new Date()).toTimeString().slice(0, 8);
  const label = printable(uri);
  const room = output.columns - time.length - label.length - 3; // blanks between them
  const text = formatPayload(payload, palette, room);
  const tail = text === '' ? '' : text.includes('\n') ? `\n${text}`.replaceAll('\n', '\n  ') : `  ${text}`;
  output.write(`${palette.dim(time)} ${palette.uri(label)}${tail}\n`);
  const below = formatPayload({ args: [], kwargs: more }, palette, Number.POSITIVE_INFINITY);
  if (below !== '') output.write(`  ${below}\n`);
}
