import type { Palette } from '../output/palette.js';
import { formatJson, quote } from './format-json.js';

/** How a value is laid out for people. */
export interface Layout {
  readonly palette: Palette;
  /** Columns to fit in; what is longer is broken into indented lines. */
  readonly width: number;
  /** Spaces before each line but the first. */
  readonly indent?: number;
}

/** Writes a value as JSON for people: coloured, on one line where it fits, else indented. */
export function formatPretty(value: unknown, layout: Layout): string {
  if (!isContainer(value)) return paintScalar(value, layout.palette);
  const indent = layout.indent ?? 0;
  const members = Array.isArray(value) ? value.map((item) => ['', item] as const) : Object.entries(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (members.length === 0) return `${open}${close}`;
  const fits = formatJson(value).length + members.length + indent <= layout.width;
  const inner = { ...layout, indent: indent + 2, width: fits ? Number.POSITIVE_INFINITY : layout.width };
  const lines = members.map(([key, item]) => label(key, value, layout.palette) + formatPretty(item, inner));
  if (fits) return `${open}${lines.join(', ')}${close}`;
  const pad = ' '.repeat(indent);
  return `${open}\n${lines.map((line) => `${pad}  ${line}`).join(',\n')}\n${pad}${close}`;
}

function isContainer(value: unknown): value is unknown[] | Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return !ArrayBuffer.isView(value) && !(value instanceof Date) && !(value instanceof Map);
}

function label(key: string, parent: unknown, palette: Palette): string {
  return Array.isArray(parent) ? '' : `${palette.key(quote(key))}: `;
}

function paintScalar(value: unknown, palette: Palette): string {
  const text = formatJson(value);
  if (typeof value === 'string') return palette.string(text);
  if (typeof value === 'number' || typeof value === 'bigint') return palette.number(text);
  return palette.literal(text);
}
