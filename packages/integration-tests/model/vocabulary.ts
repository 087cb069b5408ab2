import type { Pattern } from './naive-match.js';

/** Topics and procedures, few and alike, so that patterns meet; the last ones may not be used. */
export const uris: readonly string[] = [
  ...['a', 'a.b', 'a.b.c', 'a.b-c', 'a.c', 'a.bb.c', 'b', 'b.c', 'b.b.c', 'c.b', 'a.b.c.d', 'wampum.a'],
  ...['a..b', '', 'a b', 'a#', '.a', 'a.', 'wamp', 'wamp.session.x'],
];

/** What is subscribed to and registered. */
export const patterns: readonly Pattern[] = [
  ...uris.map((uri) => ({ uri, match: 'exact' as const })),
  ...['', 'a', 'a.', 'a.b', 'a.b.', 'a.b.c', 'b', 'a.b-', 'wamp.', 'a..', '.'].map((uri) => ({
    uri,
    match: 'prefix' as const,
  })),
  ...[
    '',
    '.',
    '..',
    'a.',
    '.b',
    '.c',
    'a..c',
    '.b.c',
    'a.b.',
    '..c',
    'a..',
    '...',
    'b..c',
    'a #',
    'a.b.c',
  ].map((uri) => ({ uri, match: 'wildcard' as const })),
];

export const authids: readonly string[] = ['ann', 'bob', 'joe'];
export const errors: readonly string[] = ['com.example.error', 'wamp.error.invalid_argument'];
