/**
 * Makes the check of a browser's `Origin` against globs such as `https://*.example.com`: `*` stands for any
 * characters but `/`, alone for everything; case does not matter, as in hosts. No globs allow all. A request without
 * Origin comes from no browser and passes.
 */
export function createOriginCheck(globs: readonly string[]): (origin: string | undefined) => boolean {
  const patterns = globs.map(toRegExp);
  return (origin) =>
    patterns.length === 0 || origin === undefined || patterns.some((pattern) => pattern.test(origin));
}

function toRegExp(glob: string): RegExp {
  if (glob === '*') return /^/;
  const parts = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i');
}
