import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeUriFault,
  isMatchPolicy,
  isReservedUri,
  isUri,
  type MatchPolicy,
  type UriCheck,
} from './uri.js';

const rows: [uri: string, match: MatchPolicy, loose: boolean, strict: boolean][] = [
  ['com.example.add', 'exact', true, true],
  ['com', 'exact', true, true],
  ['com.my-app.Ünicode', 'exact', true, false],
  ['com.example_1.a2', 'exact', true, true],
  ['com..add', 'exact', false, false],
  ['.com', 'exact', false, false],
  ['com.', 'exact', false, false],
  ['', 'exact', false, false],
  ['com.a b', 'exact', false, false],
  ['com.a#b', 'exact', false, false],
  ['com.a\u00a0b', 'exact', false, false],
  ['com.a\tb', 'exact', false, false],
  ['', 'prefix', true, true],
  ['com.', 'prefix', true, true],
  ['com.ex', 'prefix', true, true],
  ['com..ex', 'prefix', false, false],
  ['.', 'prefix', false, false],
  ['com..add', 'wildcard', true, true],
  ['..', 'wildcard', true, true],
  ['', 'wildcard', true, true],
  ['com.a b.', 'wildcard', false, false],
  ['com.Up.', 'wildcard', true, false],
];

describe('isUri', () => {
  test.each(rows)(
    'BP-URI-02, BP-URI-03, BP-URI-04: %j as %s: loose %s, strict %s',
    (uri, match, loose, strict) => {
      expect(isUri(uri, match, 'loose')).toBe(loose);
      expect(isUri(uri, match, 'strict')).toBe(strict);
    },
  );

  test('BP-URI-02: a long URI is judged in linear time', () => {
    const long = `${'a.'.repeat(100_000)}#`;
    expect(isUri(long)).toBe(false);
    expect(isUri(long, 'wildcard')).toBe(false);
  });

  test.each<MatchPolicy>(['exact', 'prefix', 'wildcard'])(
    'BP-URI-02, BP-URI-03: no number of components is too much for the engine: %s',
    (match) => {
      const long = `${'a.'.repeat(4_000_000)}a`;
      for (const check of ['loose', 'strict'] as const) expect(isUri(long, match, check)).toBe(true);
    },
  );
});

describe('isReservedUri', () => {
  test.each([
    ['wamp.session.on_join', true],
    ['wamp', true],
    ['wamp.', true],
    ['wampfoo.x', false],
    ['com.wamp.x', false],
  ])('BP-URI-05: %s: %s', (uri, reserved) => {
    expect(isReservedUri(uri)).toBe(reserved);
  });
});

describe('describeUriFault', () => {
  test.each([
    ['com.example', 'exact', 'loose', null],
    ['', 'exact', 'loose', 'it is empty'],
    ['com.a b', 'exact', 'loose', 'whitespace at 5'],
    ['com.a#b', 'exact', 'loose', 'character "#" at 5'],
    ['com..b', 'exact', 'loose', 'empty component at 4'],
    ['.b', 'exact', 'loose', 'empty component at 0'],
    ['com.', 'exact', 'loose', 'empty component at 4'],
    ['com.Up', 'exact', 'strict', 'character "U" at 4'],
  ] as [string, MatchPolicy, UriCheck, string | null][])(
    'BP-URI-06: %j as %s, %s: %s',
    (uri, match, check, fault) => {
      expect(describeUriFault(uri, match, check)).toBe(fault);
    },
  );

  test('BP-URI-06: every fault is described, every good URI is not', () => {
    const uri = fc.string({ unit: fc.constantFrom('a', 'B', '.', '#', ' ', '_', 'é') });
    const match = fc.constantFrom<MatchPolicy>('exact', 'prefix', 'wildcard');
    const check = fc.constantFrom<UriCheck>('loose', 'strict');
    fc.assert(
      fc.property(uri, match, check, (u, m, c) => (describeUriFault(u, m, c) === null) === isUri(u, m, c)),
    );
  });
});

test('PSUB-01, PREG-01: the three match policies and nothing else', () => {
  expect(['exact', 'prefix', 'wildcard'].every(isMatchPolicy)).toBe(true);
  expect([undefined, null, '', 'glob', 1].some(isMatchPolicy)).toBe(false);
});
