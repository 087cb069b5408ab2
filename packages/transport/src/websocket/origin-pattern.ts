/**
 * Makes the check of a browser's `Origin` against globs such as `https://*.example.com`: `*` stands for any
 * characters but `/`, alone for everything; case does not matter, as in hosts. No globs allow all. A request without
 * Origin comes from no browser and passes.
 */
export function createOriginCheck(globs: readonly string[]): (origin: string | undefined) => boolean {
  const patterns = globs.map((glob) => glob.toLowerCase().split('*'));
  const allowsAll = globs.length === 0 || globs.includes('*');
  return (origin) => {
    if (allowsAll || origin === undefined) return true;
    const text = origin.toLowerCase();
    return patterns.some((parts) => fits(text, parts));
  };
}

/* Linear in the text, whatever the glob: anybody may send any Origin. A part is best taken where it first comes. */
function fits(text: string, [head = '', ...rest]: readonly string[]): boolean {
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  const last = text.length - tail.length;
  let from = head.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > last || text.slice(from, at).includes('/')) return false;
    from = at + part.length;
  }
  return from <= last && !text.slice(from, last).includes('/');
}
