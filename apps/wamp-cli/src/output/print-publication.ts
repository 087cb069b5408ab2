import { type Printer, printJson } from './printer.js';

/** Prints the id of an acknowledged publication. */
export function printPublication(printer: Printer, publication: number): void {
  const { mode, palette, output } = printer;
  if (mode === 'json') printJson(printer, { publication });
  else if (mode === 'pretty')
    output.write(`${palette.dim('publication')} ${palette.number(String(publication))}\n`);
  else output.write(`${publication}\n`);
}
