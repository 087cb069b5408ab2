import { expect, test } from 'vitest';
import { readConfig } from './load-config.js';

function warningsOf(uri: string): readonly string[] {
  const permissions = [{ uri, match: 'prefix' as const, allow: ['call' as const] }];
  return readConfig({ realms: [{ name: 'realm1', roles: [{ name: 'user', permissions }] }] }).warnings;
}

test.each([
  ['com.example.*', 'did you mean "com.example." with match: prefix?'],
  ['*', 'did you mean "" with match: prefix?'],
  ['com.*.status', 'did you mean "com..status" with match: wildcard?'],
  ['com.*.status.*', 'did you mean "com..status." with match: wildcard?'],
])('warns of %s, which is a pattern elsewhere', (uri, hint) => {
  expect(warningsOf(uri)).toEqual([`realms[0].roles[0].permissions[0].uri: * stands for itself; ${hint}`]);
});

test.each(['com.example.', 'com.example.a*', ''])('takes %j as it is', (uri) => {
  expect(warningsOf(uri)).toEqual([]);
});

test('warns of topics of a history too', () => {
  const { warnings } = readConfig({ realms: [{ name: 'realm1', history: [{ topic: 'com.*', limit: 1 }] }] });
  expect(warnings).toEqual([
    'realms[0].history[0].topic: * stands for itself; did you mean "com." with match: prefix?',
  ]);
});
