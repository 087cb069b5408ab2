import { expect, test } from 'vitest';
import { collectCoverage, renderCoverage } from './coverage.js';
import { parseRequirements } from './requirements.js';

const requirements = parseRequirements(
  [
    '### Order',
    '',
    '| ORD-01 | M | B | a |',
    '| ORD-02 | M | D | b |',
    '',
    '### Calls',
    '',
    '| RPC-01 | M | D | c |',
  ].join('\n'),
);

test('ids count in strings of test files, not in comments', () => {
  const tests = new Map([
    ['packages/router/src/broker.test.ts', "test('ORD-01, RPC-01: a', () => {}); // ORD-02\n/* ORD-02 */"],
    ['packages/client/src/call.test.ts', 'test.each([])("RPC-01: %s", () => {});'],
  ]);
  const { files, unknown } = collectCoverage(requirements, tests);
  expect(Object.fromEntries(files)).toEqual({
    'ORD-01': ['packages/router/src/broker.test.ts'],
    'ORD-02': [],
    'RPC-01': ['packages/client/src/call.test.ts', 'packages/router/src/broker.test.ts'],
  });
  expect(unknown).toEqual([]);
});

test('an id that no row has is reported; words that look like ids are not', () => {
  const { unknown } = collectCoverage(
    requirements,
    new Map([['a.test.ts', "test('ORD-07 UTF-16 SHA-256', () => {})"]]),
  );
  expect(unknown).toEqual(['a.test.ts: ORD-07']);
});

test('the page counts and links', () => {
  const coverage = collectCoverage(
    requirements,
    new Map([['packages/router/src/broker.test.ts', "test('ORD-01')"]]),
  );
  const page = renderCoverage(requirements, coverage);
  expect(page).toContain('1 of 3 requirements have a test.');
  expect(page).toContain('| ORD-01 | [router/broker](../../packages/router/src/broker.test.ts) |');
  expect(page).toContain('| ORD-02 |  |');
});
