import { readFileSync } from 'node:fs';
import * as protocol from '@wampkit/protocol';
import { WampError } from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { readTable } from './read-table.js';

type ErrorClass = new (message: string, options: { sent: boolean }) => WampError;

const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('../../protocol/src/errors.ts', import.meta.url), 'utf8');
const rows = readTable(page);
const classes = new Map(
  Object.entries(protocol as Record<string, unknown>).filter((entry): entry is [string, ErrorClass] =>
    isErrorClass(entry[1]),
  ),
);

describe('docs/reference/errors.md', () => {
  test('has a row for each error class, and no other', () => {
    expect(rows.map((row) => row.Class).sort()).toEqual([...classes.keys()].sort());
  });

  test.each(rows)('$Class is as its row says', (row) => {
    const type = classes.get(row.Class as string) as ErrorClass;
    const error = new type('m', { sent: true });
    expect(error.name).toBe(row.Class);
    expect(Object.getPrototypeOf(type).name).toBe(row.Extends);
    expect(error.uri).toBe(row.uri?.startsWith('wamp.') ? row.uri : undefined);
    expect(retryable(type)).toBe(row.retryable);
  });

  test.each(rows.filter((row) => row['CLI exit code'] !== ''))(
    '$Class names its exit code in its docs',
    (row) => {
      const doc =
        new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export class ${row.Class}\\b`).exec(source)?.[1] ??
        '';
      expect(/CLI exit code (\d+)/.exec(doc)?.[1]).toBe(row['CLI exit code']);
    },
  );
});

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value === WampError || value.prototype instanceof WampError);
}

function retryable(type: ErrorClass): string {
  const [sent, unsent] = [new type('m', { sent: true }), new type('m', { sent: false })];
  if (sent.retryable !== unsent.retryable) return 'unless `sent`';
  return sent.retryable ? 'yes' : 'no';
}
