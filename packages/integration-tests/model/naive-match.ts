import type { MatchPolicy } from '@wampkit/protocol';

/** A URI and how it is compared. */
export interface Pattern {
  readonly uri: string;
  readonly match: MatchPolicy;
}

/** Whether a pattern matches, by the words of the spec (PREG-02, PREG-03). */
export function matches({ uri: pattern, match }: Pattern, uri: string): boolean {
  if (match === 'exact') return pattern === uri;
  if (match === 'prefix') return uri.slice(0, pattern.length) === pattern;
  const parts = pattern.split('.');
  const given = uri.split('.');
  return parts.length === given.length && parts.every((part, n) => part === '' || part === given[n]);
}

/** The best of several matches of one URI (PREG-04, PREG-05). */
export function best<T extends Pattern>(found: readonly T[]): T | undefined {
  return [...found].sort((a, b) => rank(b).localeCompare(rank(a)))[0];
}

/* Greater is better. Among prefixes the longer one; among wildcards, left to right, a concrete part beats an empty one. */
function rank({ uri, match }: Pattern): string {
  if (match === 'exact') return '3';
  if (match === 'prefix') return `2${String(uri.length).padStart(6, '0')}`;
  return `1${uri
    .split('.')
    .map((part) => (part === '' ? '0' : '1'))
    .join('')}`;
}
