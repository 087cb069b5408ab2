import type { Dict } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { AUTHEXTRA_DEPTH, AUTHEXTRA_SIZE, AUTHEXTRA_VALUES } from '../limits.js';
import { extraFault } from './extra-bounds.js';

const nested = (depth: number): Dict => (depth === 0 ? {} : { a: nested(depth - 1) });

test.each<[string, Dict, string | null]>([
  ['nothing', {}, null],
  ['all kinds of values', { a: [1, null, true, 'x', new Uint8Array(3)], b: { c: 1.5 } }, null],
  ['just as deep', nested(AUTHEXTRA_DEPTH - 1), null],
  ['deeper', nested(AUTHEXTRA_DEPTH), `nests deeper than ${AUTHEXTRA_DEPTH}`],
  ['a long text', { a: 'x'.repeat(AUTHEXTRA_SIZE) }, `has more than ${AUTHEXTRA_SIZE} characters`],
  ['a long key', { ['x'.repeat(AUTHEXTRA_SIZE)]: 'x' }, `has more than ${AUTHEXTRA_SIZE} characters`],
  ['much binary', { a: new Uint8Array(AUTHEXTRA_SIZE + 1) }, `has more than ${AUTHEXTRA_SIZE} characters`],
  ['a long list', { a: new Array(AUTHEXTRA_VALUES).fill(0) }, `has more than ${AUTHEXTRA_VALUES} values`],
])('AUTH-01: an authextra of %s: %s', (_, extra, fault) => {
  expect(extraFault(extra)).toBe(fault);
});
