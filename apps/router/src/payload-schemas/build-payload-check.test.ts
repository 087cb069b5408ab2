import { expect, test } from 'vitest';
import { buildPayloadCheck, type PayloadSchemas } from './build-payload-check.js';

const amount = { type: 'number', minimum: 0 };
const order: PayloadSchemas = {
  args: { type: 'array', prefixItems: [{ type: 'string' }, amount], minItems: 2, items: false },
  kwargs: {
    type: 'object',
    properties: { at: { type: 'string', format: 'date-time' } },
    additionalProperties: false,
  },
};

test.each<[args: unknown[], kwargs: Record<string, unknown>, fault: [path: string, keyword: string] | null]>([
  [['a', 1], {}, null],
  [['a', 1], { at: '2026-01-31T12:00:00Z' }, null],
  [['a'], {}, ['/args', 'minItems']],
  [['a', -1], {}, ['/args/1', 'minimum']],
  [['a', 1, 2], {}, ['/args', 'items']],
  [['a', '1'], {}, ['/args/1', 'type']],
  [['a', 1], { at: 'yesterday' }, ['/kwargs/at', 'format']],
  [['a', 1], { 'b/c': 1 }, ['/kwargs', 'additionalProperties']],
  [['a', 1], JSON.parse('{"__proto__":{"at":1}}'), ['/kwargs', 'additionalProperties']],
  [['a', 2n ** 60n], {}, ['/args/1', 'type']],
])('AZ-01: args %s and kwargs %j give %j', (args, kwargs, fault) => {
  const found = buildPayloadCheck(order)(args, kwargs);
  expect(found && [found.path, found.keyword]).toEqual(fault);
});

test('AZ-01: what has no schema is not looked at; a schema may be a bool', () => {
  expect(buildPayloadCheck({ kwargs: order.kwargs })([1, 2, 3], {})).toBeNull();
  expect(buildPayloadCheck({ args: true })([1], { a: 1 })).toBeNull();
  expect(buildPayloadCheck({ args: false })([], {})).toMatchObject({
    path: '/args',
    keyword: 'false schema',
  });
});

test('AZ-01: draft-07 where the schema says so', () => {
  const args = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    items: [{ type: 'string' }],
    additionalItems: false,
  };
  expect(buildPayloadCheck({ args })(['a'], {})).toBeNull();
  expect(buildPayloadCheck({ args })(['a', 1], {})).toMatchObject({
    path: '/args',
    keyword: 'additionalItems',
  });
});

test.each([
  [{ typ: 'string' }, 'unknown keyword: "typ"'],
  [{ type: 'strng' }, '/type must be one of array, '],
  [{ type: 'string', format: 'colour' }, 'unknown format "colour"'],
  [{ $ref: 'https://example.com/other.json' }, "can't resolve reference"],
  [{ $async: true, type: 'array' }, '$async is not for payloads'],
  [{ $schema: 'https://example.com/mine', type: 'array' }, 'no schema with key or ref'],
])('AZ-01: %j is refused: %s', (args, message) => {
  expect(() => buildPayloadCheck({ args })).toThrow(message);
});

test('AZ-01: a check changes nothing of what it checks', () => {
  const kwargs = Object.freeze({ n: '5' });
  const schema = { type: 'object', properties: { n: { type: ['string', 'number'] }, m: { default: 1 } } };
  expect(buildPayloadCheck({ kwargs: schema })([], kwargs)).toBeNull();
  expect(kwargs).toEqual({ n: '5' });
});
