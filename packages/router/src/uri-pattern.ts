import type { MatchPolicy } from '@wampkit/protocol';

/** A URI and how it is compared; stands for the set of URIs that it matches. */
export interface UriPattern {
  readonly uri: string;
  readonly match: MatchPolicy;
}

/** Whether a pattern matches a concrete URI (PREG-02, PREG-03). */
export function matchesUri(pattern: UriPattern, uri: string): boolean {
  if (pattern.match === 'exact') return pattern.uri === uri;
  if (pattern.match === 'prefix') return uri.startsWith(pattern.uri);
  return sameParts(pattern.uri.split('.'), uri.split('.'), (own, other) => own === '' || own === other);
}

/** Whether some URI is matched by both patterns. */
export function patternsOverlap(a: UriPattern, b: UriPattern): boolean {
  if (a.match === 'exact') return matchesUri(b, a.uri);
  if (b.match === 'exact') return matchesUri(a, b.uri);
  if (a.match === 'prefix' && b.match === 'prefix') return a.uri.startsWith(b.uri) || b.uri.startsWith(a.uri);
  if (a.match === 'prefix') return prefixMeetsWildcard(a.uri, b.uri);
  if (b.match === 'prefix') return prefixMeetsWildcard(b.uri, a.uri);
  return sameParts(a.uri.split('.'), b.uri.split('.'), (x, y) => x === '' || y === '' || x === y);
}

/** Whether every URI that `inner` matches is matched by `outer` too. */
export function patternCovers(outer: UriPattern, inner: UriPattern): boolean {
  if (inner.match === 'exact') return matchesUri(outer, inner.uri);
  if (inner.match === 'prefix') return outer.match === 'prefix' && inner.uri.startsWith(outer.uri);
  if (outer.match === 'prefix') return concreteHead(inner.uri).startsWith(outer.uri);
  if (outer.match === 'exact') return outer.uri === inner.uri && !inner.uri.split('.').includes('');
  return sameParts(
    outer.uri.split('.'),
    inner.uri.split('.'),
    (wide, narrow) => wide === '' || wide === narrow,
  );
}

function sameParts(
  a: readonly string[],
  b: readonly string[],
  fits: (a: string, b: string) => boolean,
): boolean {
  return a.length === b.length && a.every((part, index) => fits(part, b[index]!));
}

/* The prefix's components but the last are whole; the last is the beginning of one, which more may follow. */
function prefixMeetsWildcard(prefix: string, wildcard: string): boolean {
  const whole = prefix.split('.');
  const begun = whole.pop()!;
  const parts = wildcard.split('.');
  if (parts.length <= whole.length) return false;
  const next = parts[whole.length]!;
  return (
    whole.every((part, index) => parts[index] === '' || parts[index] === part) &&
    (next === '' || next.startsWith(begun))
  );
}

/* What every URI that the wildcard matches begins with. */
function concreteHead(wildcard: string): string {
  const parts = wildcard.split('.');
  const first = parts.indexOf('');
  return first < 0
    ? wildcard
    : parts
        .slice(0, first)
        .map((part) => `${part}.`)
        .join('');
}
