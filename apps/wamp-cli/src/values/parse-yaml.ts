import { isDict } from '@wampkit/protocol';
import { parse } from 'yaml';
import { UsageError } from '../usage-error.js';
import { JsonError, readSpecial } from './parse-json.js';

/**
 * Reads YAML as `parseJson` reads JSON: integers are exact, `!!binary` and `$bytes` are binary.
 *
 * @throws {UsageError} naming the place and the fault
 */
export function parseYaml(text: string, place: string): unknown {
  try {
    return normalize(parse(text, { intAsBigInt: true, customTags: ['binary'], logLevel: 'error' }));
  } catch (error) {
    if (error instanceof JsonError) throw new UsageError(`${place}: expected ${error.message}`);
    const [firstLine] = (error as Error).message.split('\n');
    throw new UsageError(`${place}: not valid YAML: ${firstLine?.replace(/:$/, '')}`);
  }
}

function normalize(value: unknown): unknown {
  if (typeof value === 'bigint') return Math.abs(Number(value)) <= 2 ** 53 ? exactNumber(value) : value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(normalize);
  if (!isDict(value)) return value;
  return readSpecial(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalize(item)])));
}

function exactNumber(value: bigint): number | bigint {
  return BigInt(Number(value)) === value ? Number(value) : value;
}
