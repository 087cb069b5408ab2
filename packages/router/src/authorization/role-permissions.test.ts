import { ConfigError, isUri, type MatchPolicy } from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternCovers, patternsOverlap, type UriPattern } from '../uri/uri-pattern.js';
import type { Action } from './decision.js';
import { type Permission, RolePermissions } from './role-permissions.js';

const user = new RolePermissions([
  { uri: 'com.example.', match: 'prefix', allow: ['call', 'subscribe'] },
  { uri: 'com.example.admin.', match: 'prefix', allow: [] },
  { uri: 'com.example..status', match: 'wildcard', allow: ['publish'], disclose: ['publisher'] },
  { uri: 'org.example..status', match: 'wildcard', allow: ['publish', 'subscribe'], disclose: ['publisher'] },
  { uri: 'com.example.echo', allow: ['call', 'register'], disclose: ['caller'] },
]);

describe('RolePermissions.decide', () => {
  test.each<[Action, string, boolean, string]>([
    ['call', 'com.example.add', true, 'prefix "com.example."'],
    ['register', 'com.example.add', false, 'prefix "com.example."'],
    ['call', 'com.example.admin.stop', false, 'prefix "com.example.admin."'],
    ['subscribe', 'com.example.echo', false, 'exact "com.example.echo"'],
    ['register', 'com.example.echo', true, 'exact "com.example.echo"'],
    ['publish', 'org.example.x.status', true, 'wildcard "org.example..status"'],
    ['call', 'com.other', false, 'no rule'],
    ['call', 'com.example', false, 'no rule'],
  ])('AZ-01: %s %s is %s by %s', (action, uri, allowed, rule) => {
    expect(user.decide(action, uri)).toMatchObject({ allowed, rule });
    expect(user.decide(action, uri), 'from the cache').toMatchObject({ allowed, rule });
  });

  test('AZ-01: no rule allows nothing', () => {
    expect(new RolePermissions([]).decide('call', 'a').allowed).toBe(false);
    expect(new RolePermissions([]).decidePattern('subscribe', '', 'prefix').allowed).toBe(false);
  });

  test('CID-03, PID-03: disclosure is what the deciding rule says, nobody by default', () => {
    expect(user.decide('call', 'com.example.echo')).toMatchObject({
      discloseCaller: true,
      disclosePublisher: false,
    });
    expect(user.decide('publish', 'org.example.x.status')).toMatchObject({
      discloseCaller: false,
      disclosePublisher: true,
    });
    expect(user.decide('call', 'com.example.add')).toMatchObject({
      discloseCaller: false,
      disclosePublisher: false,
    });
  });

  test.each<Action>(['call', 'register', 'publish', 'subscribe'])(
    'AZ-01: the open role allows %s',
    (action) => {
      const all = { allowed: true, discloseCaller: true, disclosePublisher: true };
      expect(RolePermissions.open.decide(action, 'a.b')).toMatchObject(all);
      expect(RolePermissions.open.decidePattern(action, '', 'prefix')).toMatchObject(all);
      expect(RolePermissions.open.decidePattern(action, '..', 'wildcard')).toMatchObject(all);
    },
  );
});

describe('RolePermissions.decidePattern', () => {
  test.each<[Action, string, MatchPolicy, boolean, string]>([
    ['subscribe', 'com.example.', 'prefix', false, 'exact "com.example.echo"'],
    ['subscribe', 'com.example.a', 'prefix', false, 'prefix "com.example.admin."'],
    ['subscribe', 'com.example.b.', 'prefix', false, 'wildcard "com.example..status"'],
    ['subscribe', 'com.example.b.c', 'prefix', true, 'prefix "com.example."'],
    ['subscribe', 'com.example.b.st', 'prefix', false, 'wildcard "com.example..status"'],
    ['subscribe', 'com.example..x', 'wildcard', false, 'prefix "com.example.admin."'],
    ['subscribe', 'com.example.b..', 'wildcard', true, 'prefix "com.example."'],
    ['subscribe', 'com.example.e.', 'wildcard', false, 'wildcard "com.example..status"'],
    ['subscribe', 'com.example.', 'wildcard', false, 'exact "com.example.echo"'],
    ['subscribe', '', 'prefix', false, 'exact "com.example.echo"'],
    ['subscribe', 'com..admin.x', 'wildcard', false, 'prefix "com.example.admin."'],
    ['subscribe', 'org.example..status', 'wildcard', true, 'wildcard "org.example..status"'],
    ['subscribe', 'org.example.', 'prefix', false, 'no rule'],
    ['subscribe', 'org.example.x.status', 'prefix', false, 'no rule'],
    ['subscribe', 'org.example.x.status', 'wildcard', true, 'wildcard "org.example..status"'],
    ['call', 'com.example.add', 'exact', true, 'prefix "com.example."'],
  ])('AZ-03: %s of "%s" as %s is %s by %s', (action, uri, match, allowed, rule) => {
    expect(user.decidePattern(action, uri, match)).toMatchObject({ allowed, rule });
  });

  test('AZ-03: an exact rule decides no prefix of the same text, nor does a wildcard rule', () => {
    const exact = new RolePermissions([{ uri: 'a.b', allow: ['subscribe'] }]);
    expect(exact.decidePattern('subscribe', 'a.b', 'prefix')).toMatchObject({
      allowed: false,
      rule: 'no rule',
    });
    const wildcard = new RolePermissions([{ uri: 'a.', match: 'wildcard', allow: ['subscribe'] }]);
    expect(wildcard.decidePattern('subscribe', 'a.', 'prefix').allowed).toBe(false);
    expect(wildcard.decidePattern('subscribe', 'a.', 'wildcard').allowed).toBe(true);
  });

  test('AZ-03: of the rules that cover a pattern the most specific decides on disclosure', () => {
    const role = new RolePermissions([
      { uri: '..', match: 'wildcard', allow: ['register'] },
      { uri: '.b.', match: 'wildcard', allow: ['register'], disclose: ['caller'] },
      { uri: 'x.', match: 'prefix', allow: ['register'], disclose: ['publisher'] },
      { uri: 'x.y', match: 'prefix', allow: ['register'], disclose: [] },
    ]);
    expect(role.decidePattern('register', 'a.b.', 'wildcard').rule).toBe('wildcard ".b."');
    expect(role.decidePattern('register', 'a..', 'wildcard').rule).toBe('wildcard ".."');
    expect(role.decidePattern('register', 'x.b.', 'wildcard').rule).toBe('prefix "x."');
    expect(role.decidePattern('register', 'x.y.', 'prefix').rule).toBe('prefix "x.y"');
  });
});

describe('RolePermissions as configured', () => {
  test('AZ-01: the same rule twice is a config error that names it', () => {
    const twice: Permission[] = [
      { uri: 'a.', match: 'prefix', allow: ['call'] },
      { uri: 'a.', match: 'prefix', allow: [] },
    ];
    expect(() => new RolePermissions(twice)).toThrow(ConfigError);
    expect(() => new RolePermissions(twice)).toThrow('prefix "a."');
    expect(
      () =>
        new RolePermissions([
          { uri: 'a', allow: [] },
          { uri: 'a', match: 'exact', allow: [] },
        ]),
    ).toThrow('exact "a"');
  });

  test.each<[string, MatchPolicy | undefined]>([
    ['', undefined],
    ['a..b', undefined],
    ['a..b', 'prefix'],
    ['a b', 'wildcard'],
  ])('BP-URI-03: "%s" is no URI for a rule that matches %s', (uri, match) => {
    expect(() => new RolePermissions([match ? { uri, match, allow: [] } : { uri, allow: [] }])).toThrow(
      ConfigError,
    );
  });
});

/* Every concrete URI of one to four parts over two letters, parts of one or two letters. Enough to witness whatever
   patterns of up to three parts have or have not in common. */
const parts = ['a', 'b', 'aa', 'ab', 'ba', 'bb'];
const universe = [1, 2, 3, 4].flatMap((count) => urisOf(count));

function urisOf(count: number): string[] {
  return count === 1 ? parts : urisOf(count - 1).flatMap((uri) => parts.map((part) => `${uri}.${part}`));
}

function matchesUri({ uri: pattern, match }: UriPattern, uri: string): boolean {
  if (match === 'exact') return pattern === uri;
  if (match === 'prefix') return uri.slice(0, pattern.length) === pattern;
  const own = pattern.split('.');
  const others = uri.split('.');
  return own.length === others.length && own.every((part, index) => part === '' || part === others[index]);
}

const pattern: fc.Arbitrary<UriPattern> = fc
  .record({
    match: fc.constantFrom<MatchPolicy>('exact', 'prefix', 'wildcard'),
    uri: fc
      .array(fc.constantFrom('', ...parts), { minLength: 1, maxLength: 3 })
      .map((list) => list.join('.')),
  })
  .filter(({ uri, match }) => isUri(uri, match));

describe('patterns against a naive oracle', () => {
  test('AZ-03: patternsOverlap is whether some URI is matched by both', () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        expect(patternsOverlap(a, b)).toBe(universe.some((uri) => matchesUri(a, uri) && matchesUri(b, uri)));
      }),
      { numRuns: 2000 },
    );
  });

  test('AZ-03: patternCovers is whether every URI of the inner one is matched by the outer one', () => {
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        const inside = universe.filter((uri) => matchesUri(inner, uri));
        expect(patternCovers(outer, inner)).toBe(inside.every((uri) => matchesUri(outer, uri)));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('roles against a naive oracle', () => {
  const rules = fc.uniqueArray(
    fc.record({ pattern, allow: fc.constantFrom<readonly Action[]>(['subscribe'], ['subscribe'], []) }),
    { maxLength: 6, selector: ({ pattern }) => `${pattern.match} ${pattern.uri}` },
  );
  const permissionsOf = (list: { pattern: UriPattern; allow: readonly Action[] }[]): RolePermissions =>
    new RolePermissions(list.map((rule) => ({ ...rule.pattern, allow: rule.allow })));

  test('AZ-03: whatever pattern passes reaches no URI that is denied', () => {
    fc.assert(
      fc.property(rules, pattern, (list, asked) => {
        const role = permissionsOf(list);
        fc.pre(role.decidePattern('subscribe', asked.uri, asked.match).allowed);
        const leaked = universe.filter(
          (uri) => matchesUri(asked, uri) && !role.decide('subscribe', uri).allowed,
        );
        expect(leaked).toEqual([]);
      }),
      { numRuns: 1000, maxSkipsPerRun: 1000 },
    );
  });

  test('AZ-03: a pattern passes iff one rule covers it and no denying rule touches it', () => {
    fc.assert(
      fc.property(rules, pattern, (list, asked) => {
        fc.pre(asked.match !== 'exact');
        const reached = universe.filter((uri) => matchesUri(asked, uri));
        const covered = list.some((rule) => reached.every((uri) => matchesUri(rule.pattern, uri)));
        const touched = list.some(
          (rule) => rule.allow.length === 0 && reached.some((uri) => matchesUri(rule.pattern, uri)),
        );
        expect(permissionsOf(list).decidePattern('subscribe', asked.uri, asked.match).allowed).toBe(
          covered && !touched,
        );
      }),
      { numRuns: 1000, maxSkipsPerRun: 1000 },
    );
  });
});
