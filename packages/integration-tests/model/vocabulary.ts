import type { MatchPolicy } from '@wampkit/protocol';
import type { Pattern } from './naive-match.js';

/** Topics and procedures, few and alike, so that patterns meet. */
export const usable = words('a|a.b|a.b.c|a.b-c|a.c|a.bb.c|b|b.c|b.b.c|c.b|a.b.c.d|wampum.a');

/** The same, and some that may not be used. */
export const uris: readonly string[] = [...usable, ...words('a..b||a b|a#|.a|a.|wamp|wamp.session.x')];

/** What is subscribed to and registered. */
export const patterns: readonly Pattern[] = [
  ...patternsOf('exact', uris),
  ...patternsOf('prefix', words('|a|a.|a.b|a.b.|a.b.c|b|a.b-|wamp.|a..|.')),
  ...patternsOf('wildcard', words('|.|..|a.|.b|.c|a..c|.b.c|a.b.|..c|a..|...|b..c|a #|a.b.c')),
];

export const policies = words('roundrobin|first|single|last|random|roundrobin');
export const authids = words('ann|bob|joe');
export const errors = words(
  'com.example.error|wamp.error.unavailable|wamp.error.canceled|wamp.error.unavailable',
);

function words(text: string): readonly string[] {
  return text.split('|');
}

function patternsOf(match: MatchPolicy, of: readonly string[]): Pattern[] {
  return of.map((uri) => ({ uri, match }));
}
