import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { configJsonSchema } from './config-json-schema.js';
import { listenerSchema } from './listener-schema.js';
import { loadConfig, parseConfig, readConfig } from './load-config.js';
import { realmSchema } from './realm-schema.js';
import { configSchema } from './schema.js';

const file = fileURLToPath(new URL('../../../../docs/reference/router.yaml', import.meta.url));
const written = parse(readFileSync(file, 'utf8'));
const { config, warnings } = loadConfig(file, { env: {} });
const defaults = readConfig({ listeners: [{}], realms: [{ name: 'realm1' }] }, { env: {} }).config;

/** Keys that the reference file shows as an example, or in a comment only. */
const examples = {
  listener: ['cookie', 'longpoll', 'tls'],
  realm: ['authentication', 'roles', 'history', 'template'],
};

describe('config: docs/reference/router.yaml', () => {
  test('loads as it stands', () => {
    expect(config.listeners.map(({ bind }) => bind)).toEqual(['127.0.0.1:8080', '127.0.0.1:8443']);
    expect(config.realms[0]!.authentication!.map(({ method }) => method)).toEqual([
      'anonymous',
      'ticket',
      'wampcra',
      'wamp-scram',
      'cryptosign',
    ]);
  });

  test('warns of each key whose feature is not built yet, and of the authorizer that anybody may take over', () => {
    expect(warnings.map((line) => line.replace(/ \(router\.yaml:\d+:\d+\)$/, ''))).toEqual([
      'http.metrics: not built yet; it answers 404',
      'realms[0].roles[0]: anybody may register or call com.example.authorize, which decides for others; deny it here, or put it into a realm of its own',
    ]);
  });

  test('shows every default as it is', () => {
    const without = (value: object, keys: readonly string[]) =>
      Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
    expect(config.listeners[0]).toEqual(defaults.listeners[0]);
    expect(without(config.realms[0]!, examples.realm)).toEqual(without(defaults.realms[0]!, examples.realm));
    expect({ ...config, listeners: [], realms: [] }).toEqual({ ...defaults, listeners: [], realms: [] });
  });

  test('shows every key', () => {
    const keysOf = (schema: z.ZodObject, shown: object, besides: readonly string[] = []): void => {
      expect([...Object.keys(shown), ...besides].sort()).toEqual(Object.keys(schema.shape).sort());
      for (const [key, value] of Object.entries(shown)) {
        const inner = unwrap(schema.shape[key] as z.core.$ZodType);
        if (inner instanceof z.ZodObject) keysOf(inner, value as object);
      }
    };
    keysOf(configSchema, written);
    keysOf(listenerSchema, written.listeners[0], examples.listener);
    keysOf(realmSchema, written.realms[0], ['template']);
  });

  test('without a file there is realm1 on 127.0.0.1:8080, with the same defaults', () => {
    expect(readConfig({}).config).toEqual(defaults);
    expect(defaults.listeners[0]!.bind).toBe('127.0.0.1:8080');
    expect(defaults.realms[0]).toMatchObject({ name: 'realm1' });
    expect(defaults.realms[0]!.authentication).toBeUndefined();
    expect(defaults.realms[0]!.roles).toBeUndefined();
  });

  test('docs/reference/config.md tells every key', () => {
    const page = readFileSync(new URL('../../../../docs/reference/config.md', import.meta.url), 'utf8');
    const missing = [...allPaths(configSchema)].filter((path) => !page.includes(`\`${path}\``));
    expect(missing).toEqual([]);
  });

  test('the config for production in docs/guide/operating.md loads without a warning', () => {
    const page = readFileSync(new URL('../../../../docs/guide/operating.md', import.meta.url), 'utf8');
    const text = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
    const folder = fileURLToPath(new URL('../../fixtures/', import.meta.url));
    const env = { BACKEND_TICKET: 'a', BROWSER_TICKET: 'b' };
    expect(parseConfig(text, { file: 'operating.md', folder, env }).warnings).toEqual([]);
  });

  test('docs/reference/router.schema.json is what `wamp-router config-schema` prints', () => {
    const published = new URL('../../../../docs/reference/router.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(configJsonSchema());
  });
});

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: { innerType?: z.core.$ZodType; in?: z.core.$ZodType } };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : unwrap(inner);
}

/** Every key of a schema, as docs write it: `realms[].limits.sessions`. */
function* allPaths(schema: z.core.$ZodType, before = ''): Generator<string> {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) yield* allPaths(inner.element as z.core.$ZodType, `${before}[]`);
  else if (inner instanceof z.ZodRecord) yield* allPaths(inner.valueType as z.core.$ZodType, `${before}.*`);
  else if (inner instanceof z.ZodDiscriminatedUnion) {
    for (const option of inner.options) yield* allPaths(option as z.core.$ZodType, before);
  } else if (inner instanceof z.ZodObject) {
    for (const [key, value] of Object.entries(inner.shape)) {
      const path = before === '' ? key : `${before}.${key}`;
      yield path;
      yield* allPaths(value as z.core.$ZodType, path);
    }
  }
}
