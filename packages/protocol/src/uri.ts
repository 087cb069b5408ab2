/** How a subscription's or registration's URI is compared with a concrete one. */
export type MatchPolicy = 'exact' | 'prefix' | 'wildcard';

/** `loose`: no whitespace, no `#`, no empty part (BP-URI-02); `strict`: parts of `[0-9a-z_]` only (BP-URI-04). */
export type UriCheck = 'loose' | 'strict';

/* No pattern that repeats a group: the engine would keep its place for each component, and overflow on long URIs. */
const foreign: Record<UriCheck, RegExp> = { loose: /[\s#]/u, strict: /[^0-9a-z_.]/u };

/** Whether `uri` is well formed for its use (BP-URI-02 to 04). The empty string is a legal prefix. */
export function isUri(uri: string, match: MatchPolicy = 'exact', check: UriCheck = 'loose'): boolean {
  if (foreign[check].test(uri)) return false;
  if (match === 'wildcard') return true;
  if (uri.startsWith('.') || uri.includes('..')) return false;
  return match === 'prefix' || (uri !== '' && !uri.endsWith('.'));
}

/** Whether the first component is exactly `wamp`, which ordinary sessions may not register or publish (BP-URI-05). */
export function isReservedUri(uri: string): boolean {
  return uri.startsWith('wamp.') || uri === 'wamp';
}

/** Whether a value names a match policy. */
export function isMatchPolicy(value: unknown): value is MatchPolicy {
  return value === 'exact' || value === 'prefix' || value === 'wildcard';
}

/**
 * Says in words what is wrong with a URI, naming the first offending place.
 *
 * @returns a phrase such as `empty component at 4` or `whitespace at 3`; `null` when the URI is well formed
 */
export function describeUriFault(
  uri: string,
  match: MatchPolicy = 'exact',
  check: UriCheck = 'loose',
): string | null {
  if (isUri(uri, match, check)) return null;
  if (uri === '') return 'it is empty';
  const odd = check === 'strict' ? /[^0-9a-z_.]/u.exec(uri) : /[\s#]/u.exec(uri);
  if (odd !== null) return `${characterName(odd[0])} at ${odd.index}`;
  const gap = uri.startsWith('.') ? 0 : uri.indexOf('..') + 1 || uri.length;
  return `empty component at ${gap}`;
}

function characterName(character: string): string {
  return /\s/u.test(character) ? 'whitespace' : `character ${JSON.stringify(character)}`;
}
