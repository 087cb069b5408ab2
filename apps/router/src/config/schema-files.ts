import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDict } from '@wampkit/protocol';
import { parse } from 'yaml';
import { compileSchema, type JsonSchema } from '../payload-schemas/compile-schema.js';
import { describeReadFault } from './check-files.js';
import type { ConfigPath, Problem } from './problem.js';
import { listAt, valueAt } from './tree.js';

/**
 * Puts the JSON Schemas that permissions name in the place of their files' names, and checks all of them.
 *
 * @returns the tree with them, and what is wrong
 */
export function readSchemaFiles(tree: unknown, folder: string): { tree: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const copy: unknown = places(tree).length === 0 ? tree : structuredClone(tree);
  for (const path of places(copy)) {
    const holder = valueAt(copy, path.slice(0, -1)) as Record<string, unknown>;
    const key = path.at(-1) as string;
    const read = readSchema(holder[key], folder);
    if ('message' in read) problems.push({ path, message: read.message });
    else holder[key] = read.schema;
  }
  return { tree: copy, problems };
}

function places(tree: unknown): ConfigPath[] {
  return listAt(tree, ['realms']).flatMap((realm) =>
    listAt(tree, [...realm.path, 'roles']).flatMap((role) =>
      listAt(tree, [...role.path, 'permissions']).flatMap(({ value, path }) =>
        ['args', 'kwargs'].flatMap((key) =>
          valueAt(value, ['schema', key]) === undefined ? [] : [[...path, 'schema', key]],
        ),
      ),
    ),
  );
}

function readSchema(given: unknown, folder: string): { schema: JsonSchema } | { message: string } {
  const read =
    typeof given === 'string' && given !== '' ? readFile(resolve(folder, given)) : { value: given };
  if ('message' in read) return read;
  const { value } = read;
  // what is of another kind is for the schema of the config to judge
  if (typeof value === 'string' || value === null || typeof value === 'number')
    return { schema: value as never };
  if (!isDict(value) && typeof value !== 'boolean')
    return { message: 'is no JSON Schema: neither a map nor a bool' };
  try {
    compileSchema(value);
    return { schema: value };
  } catch (error) {
    return { message: `is no JSON Schema that can be used: ${(error as Error).message}` };
  }
}

function readFile(file: string): { value: unknown } | { message: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { message: describeReadFault(file, error) };
  }
  try {
    const value: unknown = parse(text);
    return isDict(value) || typeof value === 'boolean'
      ? { value }
      : { message: `file ${file} holds no JSON Schema: neither a map nor a bool` };
  } catch (error) {
    return { message: `file ${file} is neither JSON nor YAML: ${firstLine(error)}` };
  }
}

/* The rest shows the place in the file. */
function firstLine(error: unknown): string {
  return (error as Error).message.split('\n')[0]!.replace(/:$/, '');
}
