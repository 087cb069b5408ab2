import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundlePage } from './bundle-page.js';

/** What each page may hold of others, and its ceiling: docs/adr/0003 tells of the client's, and what may raise it. */
const bundles = [
  { name: 'the client', file: 'page.ts', theirs: /(?!)/, ceiling: 16_760 },
  {
    name: 'the client with its key ring',
    file: 'e2ee-page.ts',
    theirs: /\/@noble\/ciphers\//,
    ceiling: 35_200,
  },
  { name: 'all authentication methods', file: 'auth-page.ts', theirs: /\/@noble\//, ceiling: 27_500 },
];

describe.each(bundles)('the bundle of $name', ({ file, theirs, ceiling }) => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundlePage(file);
  });

  test('holds no code of others but what it needs', () => {
    const foreign = Object.keys(bundle.inputs).filter((input) => input.includes('node_modules/'));
    expect(foreign.filter((input) => !theirs.test(input))).toEqual([]);
  });

  test('is not larger, gzipped, than it was', () => {
    expect(gzipSync(bundle.code, { level: 9 }).length).toBeLessThanOrEqual(ceiling);
  });
});
