import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRole } from '../build-role.js';
import { readConfig } from './load-config.js';
import type { ConfigInput } from './schema.js';

const folder = mkdtempSync(join(tmpdir(), 'wampkit-schemas-'));
const files = {
  'good.json': '{"type":"array","minItems":1}',
  'good.yaml': 'type: object\nrequired: [a]\n',
  'list.json': '[]',
  'broken.json': '{"type":',
  'unknown.json': '{"typ":"array"}',
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

type Schema = NonNullable<
  NonNullable<
    NonNullable<NonNullable<ConfigInput['realms']>[number]['roles']>[number]['permissions']
  >[number]['schema']
>;

const read = (schema: Schema, allow: ('call' | 'subscribe')[] = ['call']) =>
  readConfig(
    { realms: [{ name: 'a', roles: [{ name: 'user', permissions: [{ uri: 'com.a', allow, schema }] }] }] },
    { folder, env: {} },
  ).config.realms[0]!.roles![0]!;

test('AZ-01: schemas of files and of the config itself reach the rule', () => {
  const { permissions } = buildRole(read({ args: 'good.json', kwargs: 'good.yaml' }));
  const check = permissions[0]!.check!;
  expect(check([1], { a: 1 })).toBeNull();
  expect(check([], { a: 1 })).toMatchObject({ path: '/args', keyword: 'minItems' });
  expect(check([1], {})).toMatchObject({ path: '/kwargs', keyword: 'required' });
  const inline = buildRole(read({ args: { maxItems: 1 } })).permissions[0]!.check!;
  expect([inline([1], {}), inline([1, 2], {})]).toEqual([
    null,
    expect.objectContaining({ keyword: 'maxItems' }),
  ]);
});

test('AZ-01: a rule without a schema has no check', () => {
  const realm = {
    name: 'a',
    roles: [{ name: 'user', permissions: [{ uri: 'com.a', allow: ['call' as const] }] }],
  };
  const { config } = readConfig({ realms: [realm] });
  expect(buildRole(config.realms[0]!.roles![0]!).permissions).toEqual([
    { uri: 'com.a', match: 'exact', allow: ['call'], disclose: [] },
  ]);
});

test.each<[Schema, string, ('call' | 'subscribe')[]?]>([
  [{ args: 'none.json' }, '.args: there is no file '],
  [{ args: 'list.json' }, 'list.json holds no JSON Schema: neither a map nor a bool'],
  [{ kwargs: 'broken.json' }, 'broken.json is neither JSON nor YAML'],
  [
    { kwargs: 'unknown.json' },
    '.kwargs: is no JSON Schema that can be used: strict mode: unknown keyword: "typ"',
  ],
  [
    { args: { type: 'strng' } },
    '.args: is no JSON Schema that can be used: /type must be one of array, boolean, integer, null, number, object, string; did you mean string?',
  ],
  [
    { kwargs: { properties: { 'a/b': { type: ['null', 'nmber'] } } } },
    ': /properties/a~1b/type/1 must be one of array, boolean, integer, null, number, object, string; did you mean number?',
  ],
  [{ args: { minItems: -1 } }, '.args: is no JSON Schema that can be used: /minItems must be >= 0'],
  [{ args: 5 as never }, '.args: expected the name of a file, or a JSON Schema'],
  [{ args: '' }, '.args: '],
  [{ argz: true } as never, 'argz'],
  [{}, '.schema: needs args or kwargs'],
  [{ args: true }, '.schema: is for payloads of call and publish, which the rule denies', ['subscribe']],
])('AZ-01: config: %j is refused: %s', (schema, message, allow) => {
  expect(() => read(schema, allow)).toThrow(message);
});
