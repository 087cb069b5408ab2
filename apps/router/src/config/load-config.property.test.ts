// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { ConfigError } from '@wampkit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig, readConfig } from './load-config.js';
import type { ConfigInput } from './schema.js';

const keys = [
  ...['version', 'listeners', 'realms', 'http', 'log', 'shutdown', 'bind', 'tls', 'certificate', 'websocket'],
  ...[
    'name',
    'template',
    'authentication',
    'method',
    'users',
    'role',
    'roles',
    'permissions',
    'uri',
    'match',
  ],
  ...[
    'allow',
    'limits',
    'history',
    'topic',
    'slowConsumer',
    'hardLimit',
    'paths',
    'health',
    '__proto__',
    'constructor',
  ],
];
const words = [
  ...['realm1', 'ticket', 'anonymous', 'wamp-scram', '127.0.0.1:0', 'unix:', '30s', '1MiB', 'prefix', 'a..b'],
  ...['$', '{', '}', '${A}', '${B:-}', '$${', 'true', '/ws', '#', ''],
];
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, depthSize: 'medium' },
    fc.oneof(
      fc.constantFrom(...words),
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: fc.string() }),
      tie('tree'),
      { maxKeys: 6 },
    ),
  ),
}));

/** Runs a reader that may only succeed or throw a ConfigError with a message. */
function expectTamed(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toBe('');
  }
}

test('config: whatever the tree, it is read or refused with a ConfigError', () => {
  fc.assert(
    fc.property(tree, (value) => expectTamed(() => readConfig(value as ConfigInput, { env: { A: 'x' } }))),
    { numRuns: 2000 },
  );
});

test('config: whatever the YAML, it is read or refused with a ConfigError, each problem at a place', () => {
  fc.assert(
    fc.property(fc.record({ realms: tree, listeners: tree, http: tree }), (value) =>
      expectTamed(() => parseConfig(stringify(value), { file: 'router.yaml', env: { A: 'x' } })),
    ),
    { numRuns: 500 },
  );
});

test('config: whatever the text, it is read or refused with a ConfigError', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          'realms:',
          ' - ',
          '\n',
          '&a ',
          '*a',
          '{',
          '}',
          '[',
          ']',
          '"',
          '? ',
          ': ',
          '!!set ',
          '<<',
          '%',
          '|',
          '\t',
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (value) => expectTamed(() => parseConfig(value, { file: 'router.yaml', env: {} }))),
    { numRuns: 2000 },
  );
});
