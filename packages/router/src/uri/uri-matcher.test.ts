import type { MatchPolicy } from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UriMatcher } from './uri-matcher.js';

function matcherOf(...patterns: readonly (readonly [string, MatchPolicy])[]): UriMatcher<string> {
  const matcher = new UriMatcher<string>();
  for (const [uri, match] of patterns) matcher.set(uri, match, `${match} ${uri}`);
  return matcher;
}

describe('UriMatcher.best', () => {
  const table = matcherOf(
    ['a1.b2.c3.d4.e55', 'exact'],
    ['a1.b2.c3', 'prefix'],
    ['a1.b2.c3.d4', 'prefix'],
    ['a1.b2..d4.e5', 'wildcard'],
    ['a1.b2.c33..e5', 'wildcard'],
    ['a1.b2..d4.e5..g7', 'wildcard'],
    ['a1.b2..d4..f6.g7', 'wildcard'],
  );

  test.each([
    ['a1.b2.c3.d4.e55', 'exact a1.b2.c3.d4.e55'],
    ['a1.b2.c3.d98.e74', 'prefix a1.b2.c3'],
    ['a1.b2.c3.d4.e325', 'prefix a1.b2.c3.d4'],
    ['a1.b2.c55.d4.e5', 'wildcard a1.b2..d4.e5'],
    ['a1.b2.c33.d4.e5', 'prefix a1.b2.c3'],
    ['a1.b2.c88.d4.e5.f6.g7', 'wildcard a1.b2..d4.e5..g7'],
    ['a2.b2.c2.d2.e2', undefined],
  ])("PREG-04, PREG-05: in the spec's table %s is matched by %s", (uri, expected) => {
    expect(table.best(uri)).toBe(expected);
  });

  // The spec's example of a1.b2.c33.d4.e5 overlooks that a1.b2.c3 is a string prefix of it (PREG-02).
  test('PREG-05: without that prefix a1.b2.c33..e5 is taken for a1.b2.c33.d4.e5', () => {
    const wildcards = matcherOf(['a1.b2..d4.e5', 'wildcard'], ['a1.b2.c33..e5', 'wildcard']);
    expect(wildcards.best('a1.b2.c33.d4.e5')).toBe('wildcard a1.b2.c33..e5');
  });

  test.each([
    ['a1.b2.c88', 'a1..c88', 'a1.b2.'],
    ['a1.b2.cccccccc', 'a1..cccccccc', 'a1.b2.'],
    ['a.b.c.d.e', '.b.c.d.e', 'a....'],
    ['a.b.c', '..c', '.b.'],
  ])('PREG-05: %s prefers, left to right, the concrete: not %s but %s', (uri, loser, winner) => {
    expect(matcherOf([winner, 'wildcard'], [loser, 'wildcard']).best(uri)).toBe(`wildcard ${winner}`);
    expect(matcherOf([loser, 'wildcard'], [winner, 'wildcard']).best(uri)).toBe(`wildcard ${winner}`);
  });

  test.each(['a.b', 'a.b-c', 'a.b.c', 'a.bc.d'])('PREG-02: the prefix a.b matches %s as a string', (uri) => {
    expect(matcherOf(['a.b', 'prefix']).best(uri)).toBe('prefix a.b');
  });

  test('PREG-02: the empty prefix matches everything, and is the least specific prefix', () => {
    expect(matcherOf(['', 'prefix']).best('a.b')).toBe('prefix ');
    expect(matcherOf(['', 'prefix'], ['a', 'prefix']).best('a.b')).toBe('prefix a');
  });

  test.each([
    ['a..c', 'a.b.c', true],
    ['a..c', 'a.bb.c', true],
    ['a..c', 'a.b.b.c', false],
    ['a..c', 'a.c', false],
    ['a.', 'a.b', true],
    ['a.', 'a', false],
    ['', 'a', true],
    ['', 'a.b', false],
  ])('PREG-03: the wildcard "%s" against %s: %s', (pattern, uri, expected) => {
    expect(matcherOf([pattern, 'wildcard']).best(uri) !== undefined).toBe(expected);
  });

  test('PREG-07: one URI under three policies is three entries', () => {
    const matcher = matcherOf(['a.b', 'exact'], ['a.b', 'prefix'], ['a.b', 'wildcard']);
    expect(matcher.size).toBe(3);
    expect(matcher.delete('a.b', 'exact')).toBe(true);
    expect(matcher.best('a.b')).toBe('prefix a.b');
    expect(matcher.delete('a.b', 'prefix')).toBe(true);
    expect(matcher.best('a.b')).toBe('wildcard a.b');
  });

  test('PREG-03: a URI of very many components is matched without recursion', () => {
    const many = 'a.'.repeat(100_000);
    const matcher = matcherOf([many, 'wildcard']);
    expect(matcher.best(`${many}b`)).toBe(`wildcard ${many}`);
    expect(matcher.delete(many, 'wildcard')).toBe(true);
    expect(matcher.best(`${many}b`)).toBeUndefined();
  });
});

describe('UriMatcher.all', () => {
  test('PSUB-02: every match, the most specific first', () => {
    const matcher = matcherOf(
      ['..', 'wildcard'],
      ['a.', 'prefix'],
      ['a.b.', 'wildcard'],
      ['', 'prefix'],
      ['a.b.c', 'exact'],
      ['a.c', 'prefix'],
    );
    const expected = ['exact a.b.c', 'prefix a.', 'prefix ', 'wildcard a.b.', 'wildcard ..'];
    expect(matcher.all('a.b.c')).toEqual(expected);
    expect(matcher.all('a.b.c'), 'from the cache').toEqual(expected);
  });

  test('PSUB-02: a list once given never changes, whatever is added, replaced or removed', () => {
    const matcher = matcherOf(['a', 'exact'], ['a', 'prefix']);
    const given = matcher.all('a');
    matcher.set('a', 'exact', 'other');
    matcher.set('', 'prefix', 'all');
    matcher.delete('a', 'prefix');
    expect(given).toEqual(['exact a', 'prefix a']);
    expect(matcher.all('a')).toEqual(['other', 'all']);
  });

  test('PSUB-02: the same with exact entries alone', () => {
    const matcher = matcherOf(['a', 'exact']);
    const given = matcher.all('a');
    matcher.set('a', 'exact', 'other');
    expect(given).toEqual(['exact a']);
    expect(matcher.all('a')).toEqual(['other']);
    matcher.delete('a', 'exact');
    expect(matcher.all('a')).toEqual([]);
  });

  test('PSUB-02: a URI with more matches than are cached', () => {
    const uri = 'a'.repeat(200);
    const prefixes = Array.from({ length: 200 }, (_, index) => 'a'.repeat(index + 1));
    const matcher = matcherOf(...prefixes.map((prefix) => [prefix, 'prefix'] as const));
    for (let round = 0; round < 2; round++)
      expect(matcher.all(uri)).toEqual(prefixes.toReversed().map((prefix) => `prefix ${prefix}`));
  });
});

describe('UriMatcher against a naive oracle', () => {
  type Step = { act: 'set' | 'delete' | 'look'; uri: string; match: MatchPolicy };

  const part = fc.constantFrom('', 'a', 'b', 'ab', 'aba', '\u{1f600}', '\u{1f601}');
  const uri = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'));
  const steps = fc.array(
    fc.record<Step>({
      act: fc.constantFrom('set', 'set', 'delete', 'look'),
      uri,
      match: fc.constantFrom('exact', 'prefix', 'wildcard'),
    }),
    { maxLength: 60 },
  );

  class Oracle {
    held: { uri: string; match: MatchPolicy; value: number }[] = [];

    set(uri: string, match: MatchPolicy, value: number): void {
      const known = this.held.find((entry) => entry.uri === uri && entry.match === match);
      if (known) known.value = value;
      else this.held.push({ uri, match, value });
    }

    delete(uri: string, match: MatchPolicy): boolean {
      const before = this.held.length;
      this.held = this.held.filter((entry) => entry.uri !== uri || entry.match !== match);
      return this.held.length < before;
    }

    all(uri: string): number[] {
      return this.held
        .filter((entry) => matchesNaively(entry.uri, entry.match, uri))
        .sort((a, b) => rank(a).localeCompare(rank(b)))
        .map((entry) => entry.value);
    }
  }

  function matchesNaively(pattern: string, match: MatchPolicy, uri: string): boolean {
    if (match === 'exact') return pattern === uri;
    if (match === 'prefix') return uri.slice(0, pattern.length) === pattern;
    const own = pattern.split('.');
    const other = uri.split('.');
    return own.length === other.length && own.every((text, index) => text === '' || text === other[index]);
  }

  /* Sorts as the spec orders: policies, prefixes by length, wildcards by their mask from the left. */
  function rank({ uri, match }: { uri: string; match: MatchPolicy }): string {
    if (match === 'exact') return '0';
    if (match === 'prefix') return `1${String(1000 - uri.length).padStart(4, '0')}`;
    const mask = uri.split('.').map((text) => (text === '' ? '1' : '0'));
    return `2${mask.join('')}`;
  }

  test('PREG-04, PREG-05, PSUB-02: best, all, get, size and entries agree at every step', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const matcher = new UriMatcher<number>();
        const oracle = new Oracle();
        script.forEach(({ act, uri, match }, index) => {
          if (act === 'set') {
            matcher.set(uri, match, index);
            oracle.set(uri, match, index);
          } else if (act === 'delete') {
            expect(matcher.delete(uri, match)).toBe(oracle.delete(uri, match));
          }
          expect(matcher.all(uri)).toEqual(oracle.all(uri));
          expect(matcher.best(uri)).toBe(oracle.all(uri)[0]);
          expect(matcher.size).toBe(oracle.held.length);
        });
        for (const { uri, match, value } of oracle.held) expect(matcher.get(uri, match)).toBe(value);
        expect(new Set([...matcher.entries()].map((entry) => entry.value))).toEqual(
          new Set(oracle.held.map((entry) => entry.value)),
        );
        for (const { uri, match } of [...oracle.held]) matcher.delete(uri, match);
        expect(matcher.size).toBe(0);
        for (const { uri } of script) expect(matcher.all(uri)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
