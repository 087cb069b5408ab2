/* DEL, the C1 controls and the line separators: valid inside JSON strings, but a terminal may act on them. */
const unsafe = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A string as JSON, with everything escaped that a terminal could take for a command. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(unsafe, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Writes a value of a payload as one line of JSON. Integers of any size are written exactly, binary as
 * `{"$bytes":"<base64>"}`, NaN and the infinities as `{"$float":"NaN"}`: `parseJson` reads all of it back.
 */
export function formatJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? formatNumber(value) : `{"$float":"${value}"}`;
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : formatObject(value);
    default:
      return 'null';
  }
}

/** An integral float keeps the digits that it has: 1e21 is written as such, 2^53 as 9007199254740992. */
function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function formatObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(formatJson).join(',')}]`;
  if (ArrayBuffer.isView(value)) return `{"$bytes":"${toBase64(value)}"}`;
  if (value instanceof Date) return quote(value.toJSON() ?? 'Invalid Date');
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${quote(String(key))}:${formatJson(item)}`);
  return `{${members.join(',')}}`;
}

function toBase64(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
}
