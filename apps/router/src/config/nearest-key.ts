/**
 * Finds the known key that someone probably meant.
 *
 * @returns the nearest of `known` when few edits away for its length, else `null`; case is no edit
 */
export function findNearestKey(key: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(key.length / 3)) + 1;
  for (const candidate of known) {
    const distance = countEdits(key.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Edits (insert, delete, replace, swap neighbours) from `from` to `to`; `limit` when there are at least that many. */
function countEdits(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, (beforeLast[column - 2] ?? limit) + 1);
      }
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return Math.min(last[to.length]!, limit);
}
