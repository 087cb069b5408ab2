import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const pages = [
  ...markdownOf(''),
  ...markdownOf('docs/'),
  ...['docs/guide/', 'docs/reference/', 'docs/adr/', 'examples/'].flatMap(markdownOf),
  ...['packages/', 'apps/'].flatMap((group) =>
    readdirSync(new URL(group, root)).flatMap((folder) => markdownOf(`${group}${folder}/`)),
  ),
];

function markdownOf(folder: string): string[] {
  return readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}${file}`);
}

/* GitHub's: lower case, punctuation gone, spaces to hyphens. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function faultOf(page: string, link: string): string | null {
  const [path, anchor] = link.split('#');
  const url = path === '' ? new URL(page, root) : new URL(path!, new URL(page, root));
  if (!existsSync(url)) return `${page}: ${link} leads nowhere`;
  if (anchor === undefined || !url.pathname.endsWith('.md')) return null;
  return anchorsOf(readFileSync(url, 'utf8')).includes(anchor) ? null : `${page}: ${link}: no such heading`;
}

// generated from the tests as they stand
const handwritten = pages.filter((page) => page !== 'docs/reference/spec-coverage.md');

test('every link of a page to a file or heading of the repository leads to it', () => {
  const links = handwritten.flatMap((page) => {
    const text = readFileSync(new URL(page, root), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => ({ page, link: link as string }));
  });
  const own = links.filter(({ link }) => !/^[a-z]+:/.test(link));
  expect(own.length).toBeGreaterThan(50);
  expect(own.map(({ page, link }) => faultOf(page, link)).filter((fault) => fault !== null)).toEqual([]);
});
