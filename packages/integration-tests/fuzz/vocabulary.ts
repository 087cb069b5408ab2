import type { MatchPolicy } from '@wampkit/protocol';

/** Every message type that there is, and some that there are not. */
export const codes = [
  1, 2, 3, 4, 5, 6, 8, 16, 17, 32, 33, 34, 35, 36, 48, 49, 50, 64, 65, 66, 67, 68, 69, 70, 337, 0, 7, 71, 255,
  1024,
];

/** What clients may send. */
export const clientCodes = [1, 3, 5, 6, 8, 16, 16, 32, 32, 34, 48, 48, 49, 64, 64, 66, 70, 70];

/** URIs and patterns that attackers use; after them none may be left in use. */
export const attackedUris: readonly string[] = [
  ...['fuzz.a', 'fuzz.a.b', 'fuzz.b', 'fuzz', 'fuzz.', 'fuzz..b', '', '.', 'fuzz.a.', 'fuzz.ключ', '..'],
];

export const strangeUris: readonly string[] = [
  ...['wamp.session.count', 'wamp.x', 'wamp', 'a b', 'fuzz#', '__proto__', 'constructor', '\u0000', '\ud800'],
  'x'.repeat(300),
  '.'.repeat(300),
];

export const matchPolicies: readonly MatchPolicy[] = ['exact', 'prefix', 'wildcard'];

/** Keys of Options and Details. */
export const optionKeys = [
  ...[
    'match',
    'acknowledge',
    'exclude_me',
    'disclose_me',
    'exclude',
    'eligible',
    'exclude_authid',
    'eligible_authid',
  ],
  ...[
    'exclude_authrole',
    'eligible_authrole',
    'receive_progress',
    'progress',
    'timeout',
    'mode',
    'invoke',
    'retain',
  ],
  ...[
    'disclose_caller',
    'ppt_scheme',
    'enc_algo',
    'rkey',
    'roles',
    'authmethods',
    'authid',
    'authextra',
    'message',
  ],
  ...['_custom', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''],
];

export const optionWords = [
  ...[
    'exact',
    'prefix',
    'wildcard',
    'skip',
    'kill',
    'killnowait',
    'single',
    'roundrobin',
    'anonymous',
    'ticket',
    'mqtt',
  ],
];
