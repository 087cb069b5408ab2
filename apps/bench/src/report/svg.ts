/** Text that may stand in SVG. */
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const format = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeXml(value);

/** Writes an SVG element by element. */
export class SvgWriter {
  readonly #parts: string[] = [];

  element(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): void {
    const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${format(value)}"`);
    const end = text === undefined ? '/>' : `>${escapeXml(text)}</${name}>`;
    this.#parts.push(`<${name}${written.join('')}${end}`);
  }

  /** The whole document; `title` is what a screen reader says. */
  document(width: number, height: number, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
      `<title>${escapeXml(title)}</title>`,
      '<rect width="100%" height="100%" fill="#ffffff"/>',
      ...this.#parts,
      '</svg>\n',
    ].join('\n');
  }
}
