const units: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * Reads a size: `64KiB`, `1MiB`, `1GiB`, or a plain number of bytes.
 *
 * @returns bytes
 * @throws {RangeError} says what is wrong, as a phrase
 */
export function parseSize(value: string | number): number {
  const text = String(value).trim();
  const parts = /^(\d+)(|B|KiB|MiB|GiB)$/.exec(text);
  if (parts === null) throw new RangeError(describeFault(text));
  const size = Number(parts[1]) * units[parts[2]!]!;
  if (!Number.isSafeInteger(size)) throw new RangeError(`${text} is too large`);
  return size;
}

function describeFault(text: string): string {
  const near = /^(\d+) ?([kmg])i?b?$/i.exec(text);
  if (near === null)
    return `${JSON.stringify(text)} is no size; write it as 64KiB, 1MiB or a number of bytes`;
  return `${JSON.stringify(text)} is no size; did you mean ${near[1]}${near[2]!.toUpperCase()}iB?`;
}
