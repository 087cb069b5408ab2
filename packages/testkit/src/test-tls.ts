import { readFileSync } from 'node:fs';

/**
 * A key and its self-signed certificate for `localhost`, `127.0.0.1` and `::1`, valid for a hundred years, PEM. For
 * tests only: everybody has the key. A client trusts it with `ca: testTls().cert`.
 */
export function testTls(): { cert: string; key: string } {
  const read = (name: string): string => readFileSync(new URL(`../tls/${name}`, import.meta.url), 'utf8');
  return { cert: read('certificate.pem'), key: read('key.pem') };
}
