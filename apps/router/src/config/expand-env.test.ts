// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { expect, test } from 'vitest';
import { expandEnv } from './expand-env.js';

const env = { HOST: 'example.org', EMPTY: '', DOLLARS: '$& ${HOST}' };

test.each([
  ['${HOST}', 'example.org'],
  ['wss://${HOST}:${PORT:-8080}/', 'wss://example.org:8080/'],
  ['${EMPTY}', ''],
  ['${EMPTY:-default}', 'default'],
  ['${NOT_SET:-}', ''],
  ['${NOT_SET:-a:-b c}', 'a:-b c'],
  ['$${HOST}', '${HOST}'],
  ['$${not closed', '${not closed'],
  ['$HOST costs $5', '$HOST costs $5'],
  ['${DOLLARS}', '$& ${HOST}'],
])('config: %j expands to %j', (text, expected) => {
  expect(expandEnv({ deep: [text] }, env)).toEqual({ tree: { deep: [expected] }, problems: [] });
});

test.each([
  ['${NOT_SET}', 'environment variable NOT_SET is not set; set it, or write ${NOT_SET:-default}'],
  ['${toString}', 'environment variable toString is not set; set it, or write ${toString:-default}'],
  ['${HOST', '`${` is not closed; write $${ for a literal ${'],
  ['${}', '${} names no environment variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${'],
  [
    '${1A}',
    '${1A} names no environment variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${',
  ],
  [
    '${A-b}',
    '${A-b} names no environment variable; write ${NAME} or ${NAME:-default}, or $${ for a literal ${',
  ],
])('config: %j cannot be expanded: %s', (text, message) => {
  expect(expandEnv({ deep: [text] }, env).problems).toEqual([{ path: ['deep', 0], message }]);
});

test('config: a value that contains itself, nests too deep or has a key __proto__ is a problem', () => {
  const loop: unknown[] = [];
  loop.push(loop, loop);
  let deep: unknown = 1;
  for (let depth = 0; depth < 100; depth++) deep = [deep];
  const tree = { loop, deep, map: JSON.parse('{"__proto__": 1}') };
  expect(expandEnv(tree, env).problems.map(({ path, message }) => [path.slice(0, 2), message])).toEqual([
    [['loop', 0], 'contains itself'],
    [['loop', 1], 'contains itself'],
    [['deep', 0], 'is nested deeper than 32'],
    [['map', '__proto__'], 'is no usable key'],
  ]);
});

test('config: a map that is used twice by a YAML alias is no loop', () => {
  const shared = { text: '${HOST}' };
  expect(expandEnv([shared, shared], env)).toEqual({
    tree: [{ text: 'example.org' }, { text: 'example.org' }],
    problems: [],
  });
});
