import type { MatchPolicy } from '@wampkit/protocol';

/** A URI and how it is compared; stands for the set of URIs that it matches. */
export interface UriPattern {
  readonly uri: string;
  readonly match: MatchPolicy;
}

/* Whether a pattern matches a concrete URI (PREG-02, PREG-03). */
function matchesUri(pattern: UriPattern, uri: string): boolean {
  if (pattern.match === 'exact') return pattern.uri === uri;
  if (pattern.match === 'prefix') return uri.startsWith(pattern.uri);
  return sameParts(pattern.uri, uri, (own, other) => own === '' || own === other);
}

/** Whether some URI is matched by both patterns. */
export function patternsOverlap(a: UriPattern, b: UriPattern): boolean {
  if (a.match === 'exact') return matchesUri(b, a.uri);
  if (b.match === 'exact') return matchesUri(a, b.uri);
  if (a.match === 'prefix' && b.match === 'prefix') return a.uri.startsWith(b.uri) || b.uri.startsWith(a.uri);
  if (a.match === 'prefix') return prefixMeetsWildcard(a.uri, b.uri);
  if (b.match === 'prefix') return prefixMeetsWildcard(b.uri, a.uri);
  return sameParts(a.uri, b.uri, (x, y) => x === '' || y === '' || x === y);
}

/** Whether every URI that `inner` matches is matched by `outer` too. */
export function patternCovers(outer: UriPattern, inner: UriPattern): boolean {
  if (inner.match === 'exact') return matchesUri(outer, inner.uri);
  if (inner.match === 'prefix') return outer.match === 'prefix' && inner.uri.startsWith(outer.uri);
  if (outer.match === 'prefix') return concreteHead(inner.uri).startsWith(outer.uri);
  if (outer.match === 'exact') return outer.uri === inner.uri && firstEmpty(inner.uri) < 0;
  return sameParts(outer.uri, inner.uri, (wide, narrow) => wide === '' || wide === narrow);
}

/* Both have as many components, and each fits its other. Goes along the texts, which may be long, and splits neither. */
function sameParts(a: string, b: string, fits: (a: string, b: string) => boolean): boolean {
  let fromA = 0;
  let fromB = 0;
  for (;;) {
    const toA = componentEnd(a, fromA);
    const toB = componentEnd(b, fromB);
    if (!fits(a.slice(fromA, toA), b.slice(fromB, toB))) return false;
    if (toA === a.length || toB === b.length) return toA === a.length && toB === b.length;
    fromA = toA + 1;
    fromB = toB + 1;
  }
}

/* The prefix's components but the last are whole; the last is the beginning of one, which more may follow. */
function prefixMeetsWildcard(prefix: string, wildcard: string): boolean {
  let from = 0;
  let fromPrefix = 0;
  for (;;) {
    const to = componentEnd(wildcard, from);
    const toPrefix = componentEnd(prefix, fromPrefix);
    const part = wildcard.slice(from, to);
    const own = prefix.slice(fromPrefix, toPrefix);
    if (toPrefix === prefix.length) return part === '' || part.startsWith(own);
    if ((part !== '' && part !== own) || to === wildcard.length) return false;
    from = to + 1;
    fromPrefix = toPrefix + 1;
  }
}

/* What every URI that the wildcard matches begins with. */
function concreteHead(wildcard: string): string {
  const first = firstEmpty(wildcard);
  return first < 0 ? wildcard : wildcard.slice(0, first);
}

/* Where the first empty component is; -1 where there is none. */
function firstEmpty(wildcard: string): number {
  if (wildcard === '' || wildcard.startsWith('.')) return 0;
  const gap = wildcard.indexOf('..');
  if (gap >= 0) return gap + 1;
  return wildcard.endsWith('.') ? wildcard.length : -1;
}

function componentEnd(text: string, start: number): number {
  const end = text.indexOf('.', start);
  return end < 0 ? text.length : end;
}
