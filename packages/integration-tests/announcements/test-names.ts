import { readdirSync, readFileSync } from 'node:fs';

/** Every requirement that the tests of a folder name, below the root of the repository. */
export function testedRequirements(folder: string): ReadonlySet<string> {
  const root = new URL(`../../../${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.ts') && !file.includes('node_modules'),
  );
  const texts = files.map((file) => readFileSync(new URL(file, root), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z]+(?:-[A-Z]+)*-\d{2}\b/g) ?? []));
}
