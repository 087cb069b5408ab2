import { formatJson } from '../values/format-json.js';
import { formatPayload } from './format-payload.js';
import { printable } from './printable.js';
import { type Printer, printFirst, printJson, printsFirst } from './printer.js';

/** What the router told of one thing: its members by name. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows, and how they are shown. */
export interface Table {
  readonly rows: readonly Row[];
  /** The member that stands for the row where only one is printed. */
  readonly key: string;
  /** The columns for people; in a pipe every member is printed. */
  readonly columns: readonly string[];
}

/** Prints rows: one line of JSON each, or a table for people. */
export function printTable(printer: Printer, table: Table): void {
  if (printer.mode === 'pretty') printColumns(printer, table);
  else for (const row of table.rows) printRow(printer, row, table.key);
}

/** Prints one row: one line of JSON, or its members for people. */
export function printRow(printer: Printer, row: Row, key: string): void {
  if (printsFirst(printer)) printFirst(printer, [row[key]]);
  else if (printer.mode === 'json') printJson(printer, row);
  else {
    const { palette, output } = printer;
    output.write(`${formatPayload({ args: [], kwargs: row }, palette, output.columns)}\n`);
  }
}

function printColumns({ palette, output }: Printer, { rows, columns }: Table): void {
  const cells = rows.map((row) => columns.map((column) => cellOf(row[column])));
  const lines = [columns.map((column) => column.toUpperCase()), ...cells];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const [number, line] of lines.entries()) {
    const text = line.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ');
    output.write(`${number === 0 ? palette.dim(text.trimEnd()) : text.trimEnd()}\n`);
  }
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  return printable(typeof value === 'string' ? value : formatJson(value)).replaceAll('\n', ' ');
}
