import { argon2id } from '@noble/hashes/argon2.js';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decodeHex, encodeHex } from '../encoding/hex.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { saltedPassword } from '../wamp-scram/salted-password.js';
import * as webEd25519 from './ed25519.js';
import * as nodeEd25519 from './ed25519.node.js';
import * as webHash from './hash.js';
import * as nodeHash from './hash.node.js';

const hashes = [
  ['node', nodeHash],
  ['browsers', webHash],
] as const;
const curves = [
  ['node', nodeEd25519],
  ['browsers', webEd25519],
] as const;

afterEach(() => vi.unstubAllGlobals());

describe.each(hashes)('the hashes for %s', (_name, { sha256, hmacSha256, pbkdf2Sha256 }) => {
  test('SCRAM-08: SHA-256 of FIPS 180-4', () => {
    expect(encodeHex(sha256(encodeUtf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test.each([
    [
      '4a656665',
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      'aa'.repeat(131),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('CRA-03: HMAC-SHA256 of RFC 4231, key %s', (key, data, mac) => {
    expect(encodeHex(hmacSha256(bytesOf(key), encodeUtf8(data)))).toBe(mac);
  });

  // The inputs of RFC 6070, of which RFC 7914 section 11 has the first kind for SHA-256.
  test.each([
    ['password', 'salt', 1, 32, '120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b'],
    ['password', 'salt', 2, 32, 'ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43'],
    ['password', 'salt', 4096, 32, 'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a'],
    [
      'passwordPASSWORDpassword',
      'saltSALTsaltSALTsaltSALTsaltSALTsalt',
      4096,
      40,
      '348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9',
    ],
    ['pass\0word', 'sa\0lt', 4096, 16, '89b69d0516f829893c696226650a8687'],
    [
      'passwd',
      'salt',
      1,
      64,
      '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
    ],
    [
      'Password',
      'NaCl',
      80000,
      64,
      '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
    ],
  ])(
    'CRA-04, SCRAM-09: PBKDF2-HMAC-SHA256 of %j and %j, %i times',
    async (password, salt, iterations, length, key) => {
      const derived = await pbkdf2Sha256(encodeUtf8(password), encodeUtf8(salt), { iterations, length });
      expect(encodeHex(derived)).toBe(key);
    },
  );
});

test('CRA-04: a page without SubtleCrypto derives the same', async () => {
  const [password, salt, costs] = [encodeUtf8('password'), encodeUtf8('salt'), { iterations: 3, length: 40 }];
  const derived = await nodeHash.pbkdf2Sha256(password, salt, costs);
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(encodeHex(await webHash.pbkdf2Sha256(password, salt, costs))).toBe(encodeHex(derived));
});

// RFC 8032 section 7.1
const rfc8032: readonly [string, string, string, string][] = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
];

describe.each(curves)('Ed25519 for %s', (_name, { ed25519PublicKey, ed25519Sign, ed25519Verify }) => {
  test.each(rfc8032)('CS-03: RFC 8032, key %s', (seed, publicKey, message, signature) => {
    expect(encodeHex(ed25519PublicKey(bytesOf(seed)))).toBe(publicKey);
    expect(encodeHex(ed25519Sign(bytesOf(seed), bytesOf(message)))).toBe(signature);
    expect(ed25519Verify(bytesOf(publicKey), bytesOf(message), bytesOf(signature))).toBe(true);
    expect(ed25519Verify(bytesOf(publicKey), bytesOf(`${message}00`), bytesOf(signature))).toBe(false);
  });

  test('CS-03: a signature whose scalar is not reduced is refused', () => {
    const [, publicKey, message, signature] = rfc8032[0] as (typeof rfc8032)[0];
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const scalar = Array.from(bytesOf(signature).subarray(32)).reduceRight(
      (sum, byte) => sum * 256n + BigInt(byte),
      0n,
    );
    const same = Uint8Array.from({ length: 32 }, (_, index) =>
      Number(((scalar + order) >> BigInt(8 * index)) & 255n),
    );
    const forged = Uint8Array.of(...bytesOf(signature).subarray(0, 32), ...same);
    expect(ed25519Verify(bytesOf(publicKey), bytesOf(message), forged)).toBe(false);
  });
});

test('CS-03: the twins sign alike, and judge what is no signature alike', () => {
  const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(octets(32), octets(32), octets(64), (seed, message, noise) => {
      const signature = nodeEd25519.ed25519Sign(seed, message);
      expect(encodeHex(webEd25519.ed25519Sign(seed, message))).toBe(encodeHex(signature));
      const publicKey = nodeEd25519.ed25519PublicKey(seed);
      for (const [key, given] of [
        [publicKey, noise],
        [message, signature],
        [message, noise],
      ] as const)
        expect(webEd25519.ed25519Verify(key, message, given)).toBe(
          nodeEd25519.ed25519Verify(key, message, given),
        );
    }),
    { numRuns: 30 },
  );
});

describe('SCRAM-09: Argon2id version 1.3', () => {
  test('is that of RFC 9106 section 5.3', () => {
    const [password, salt, key, personalization] = [
      [1, 32],
      [2, 16],
      [3, 8],
      [4, 12],
    ].map(([byte, length]) => new Uint8Array(length as number).fill(byte as number)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    const tag = argon2id(password, salt, {
      t: 3,
      m: 32,
      p: 4,
      dkLen: 32,
      key,
      personalization,
      version: 0x13,
    });
    expect(encodeHex(tag)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  });

  test.each([
    [256, 2, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
    [65536, 2, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
  ])('is that of the reference implementation, %i KiB, %i passes', async (memory, iterations, key) => {
    const costs = { kdf: 'argon2id13', salt: btoa('somesalt'), iterations, memory } as const;
    expect(encodeHex(await saltedPassword('password', costs))).toBe(key);
  });
});

function bytesOf(hex: string): Uint8Array {
  return decodeHex(hex, hex.length / 2) as Uint8Array;
}
