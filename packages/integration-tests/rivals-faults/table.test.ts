import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const here = new URL('./', import.meta.url);
const rows = readFileSync(new URL('README.md', here), 'utf8')
  .split('\n')
  .filter((line) => /^\| .*`/.test(line))
  .map((line) => line.split('|').slice(1, 3) as [fault: string, tests: string]);

/* A test of this folder, of integration-tests, of a package, or of the repository. */
function find(path: string): URL {
  const [name = '', ...rest] = path.split('/');
  const candidates = [path, `../${path}`, `../../${name}/src/${rest.join('/')}`, `../../../${path}`];
  const found = candidates.map((candidate) => new URL(candidate, here)).find((url) => existsSync(url));
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
}

describe('each fault has the tests that the table names', () => {
  test.each(rows)('%s', (_, tests) => {
    const named = [...tests.matchAll(/`([^`]+)` ((?:[A-Z]+(?:-[A-Z]+)*-\d\d(?:, )?)+)/g)];
    expect(named).not.toEqual([]);
    expect(tests.match(/`[^`]+`/g)).toHaveLength(named.length);
    for (const [, path = '', ids = ''] of named) {
      const text = readFileSync(find(path), 'utf8');
      for (const id of ids.match(/[A-Z]+(?:-[A-Z]+)*-\d\d/g) ?? [])
        expect(text, `${path}: ${id}`).toContain(id);
    }
  });
});
