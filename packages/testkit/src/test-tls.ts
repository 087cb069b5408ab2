import { readFileSync } from 'node:fs';

const prefixes = { first: '', second: 'second-' } as const;

/**
 * A key and its self-signed certificate for `localhost`, `127.0.0.1` and `::1`, valid for a hundred years, PEM. For
 * tests only: everybody has the key. A client trusts it with `ca: testTls().cert`.
 *
 * @param which there are two, that have nothing in common
 */
export function testTls(which: keyof typeof prefixes = 'first'): { cert: string; key: string } {
  const read = (name: string): string =>
    readFileSync(new URL(`../tls/${prefixes[which]}${name}`, import.meta.url), 'utf8');
  return { cert: read('certificate.pem'), key: read('key.pem') };
}
