import { generateKeyPairSync } from 'node:crypto';
import { testTls } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { findTlsFault } from './find-tls-fault.js';

const { cert, key } = testTls();
const other = testTls('second').key;
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

test.each([
  ['a pair', cert, key, null],
  ['a chain', cert + testTls('second').cert, key, null],
  ['nothing', '', key, 'certificate cannot be used: it holds no certificate in PEM'],
  ['two keys', key, key, 'certificate cannot be used: it holds no certificate in PEM'],
  ['two certificates', cert, cert, 'key cannot be used: it holds no private key in PEM'],
  ['the key of another certificate', cert, other, /^certificate and key cannot be used: /],
  ['a key of another kind', cert, ed25519, /^certificate and key cannot be used: the key is of another/],
])('TLS files: %s', (_, certificate, privateKey, fault) => {
  const found = findTlsFault({ cert: Buffer.from(certificate), key: Buffer.from(privateKey) });
  if (fault instanceof RegExp) expect(found).toMatch(fault);
  else expect(found).toBe(fault);
});
