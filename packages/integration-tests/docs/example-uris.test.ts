import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const guides = readdirSync(new URL('docs/guide/', root)).map((file) => `docs/guide/${file}`);
const readmes = ['packages', 'apps'].flatMap((group) =>
  readdirSync(new URL(group, root)).map((folder) => `${group}/${folder}/README.md`),
);
const commands = readdirSync(new URL('apps/wamp-cli/src/commands/', root)).map(
  (file) => `apps/wamp-cli/src/commands/${file}`,
);

/* What a verb or a method of a client is given as its first argument. */
const shown =
  /(?:wamp-cli |client\.)(?:call|publish|subscribe|register|stream)(?:\(| )['"]?((?:[a-z0-9_]+\.)+[a-z0-9_]*)/g;

function read(path: string): string {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return ''; // private packages have no README
  }
}

test('BP-URI-07: the URIs of our guides, READMEs and helps are reverse domain names', () => {
  const uris = [...guides, ...readmes, ...commands].flatMap((path) =>
    [...read(path).matchAll(shown)].map(([, uri]) => uri as string),
  );
  expect(uris.length).toBeGreaterThan(20);
  expect(uris.filter((uri) => !/^(?:com\.example|wamp)\./.test(uri))).toEqual([]);
});
