import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);

/** The tests that a page names: a file below `packages/`, and how the name of the test begins. */
function namedTests(page: string): [file: string, name: string][] {
  const text = readFileSync(new URL(page, root), 'utf8');
  return [...text.matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)].map(([, file, name]) => [
    file as string,
    name as string,
  ]);
}

const pages = ['docs/security.md', 'docs/guide/authentication.md'];
const claims = pages.flatMap((page) => namedTests(page).map((claim) => [page, ...claim] as const));

test.each(pages)('%s names tests', (page) => {
  expect(claims.filter(([of]) => of === page).length).toBeGreaterThan(5);
});

test.each(claims)('%s: %s has a test "%s"', (_page, file, name) => {
  const path = new URL(`packages/${file}`, root);
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain(name);
});
