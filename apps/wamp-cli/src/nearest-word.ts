/** Finds the known word that somebody probably meant: few edits away for its length, else `null`. */
export function findNearestWord(word: string, known: readonly string[]): string | null {
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  let nearest: string | null = null;
  for (const candidate of known) {
    const edits = countEdits(word, candidate);
    if (edits < least) [least, nearest] = [edits, candidate];
  }
  return nearest;
}

/* Letters inserted, deleted and replaced. */
function countEdits(from: string, to: string): number {
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = last[column - 1]! + (letter === to[column - 1] ? 0 : 1);
      current.push(Math.min(last[column]! + 1, current[column - 1]! + 1, replaced));
    }
    last = current;
  }
  return last[to.length]!;
}
