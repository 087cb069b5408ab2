import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
}

const root = new URL('../../../', import.meta.url);
const entries = ['packages', 'apps'].flatMap((group) =>
  readdirSync(new URL(group, root)).flatMap((folder) => {
    const manifest = JSON.parse(
      readFileSync(new URL(`${group}/${folder}/package.json`, root), 'utf8'),
    ) as Manifest;
    if (manifest.private) return [];
    return Object.keys(manifest.exports).map((subpath) => manifest.name + subpath.slice(1));
  }),
);

describe('what the packages export', () => {
  test.each(entries.filter((entry) => !entry.endsWith('.json')))('%s', async (entry) => {
    expect(Object.keys(await import(entry)).sort()).toMatchSnapshot();
  });
});
