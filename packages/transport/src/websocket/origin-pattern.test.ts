import { expect, test } from 'vitest';
import { createOriginCheck } from './origin-pattern.js';

test('BP-TRN-02: an Origin that is longer than any is not allowed, nor looked through', () => {
  const isAllowed = createOriginCheck(['https://*.*.*.*.example.com']);
  expect(isAllowed(`https://${'.'.repeat(15_000)}`)).toBe(false);
  expect(isAllowed(`https://${'a.'.repeat(20)}example.com`)).toBe(true);
  expect(createOriginCheck([])('x'.repeat(15_000))).toBe(true);
});

test.each([
  [[], 'https://anything.example', true],
  [['https://app.example.com'], 'https://app.example.com', true],
  [['https://app.example.com'], 'https://APP.example.com', true],
  [['https://app.example.com'], 'http://app.example.com', false],
  [['https://app.example.com'], 'https://app.example.com.evil.org', false],
  [['https://app.example.com'], 'https://appXexample.com', false],
  [['https://*.example.com'], 'https://a.b.example.com', true],
  [['https://*.example.com'], 'https://example.com', false],
  [['https://*.example.com'], 'https://evil.org/.example.com', false],
  [['http://localhost:*'], 'http://localhost:3000', true],
  [['https://a.example', 'https://b.example'], 'https://b.example', true],
  [['*'], 'null', true],
  [['https://*'], 'null', false],
  [['https://a.example'], undefined, true],
])('BP-TRN-02: origins %j and Origin %s: %s', (globs, origin, allowed) => {
  expect(createOriginCheck(globs)(origin)).toBe(allowed);
});
