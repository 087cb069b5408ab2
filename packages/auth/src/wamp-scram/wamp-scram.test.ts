import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { TransportInfo } from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientHandshake } from '../client-authenticator.js';
import { decodeBase64, encodeBase64 } from '../encoding/base64.js';
import { type ScramAuthMessageParts, scramAuthMessage } from './auth-message.js';
import { deriveScramKeys } from './derive-scram-keys.js';
import { mockScramUser } from './mock-scram-user.js';
import { createScramNonce, createScramSalt, extendScramNonce, isScramNonce } from './nonce.js';
import type { ScramCosts } from './scram-costs.js';
import { verifyScramProof } from './verify-scram-proof.js';
import { type WampScramOptions, wampScram } from './wamp-scram.js';

// RFC 7677 section 3
const rfc = {
  authid: 'user',
  clientNonce: 'rOprNGfwEbeRWgbNEkqO',
  nonce: 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
  iterations: 4096,
} as const;
const rfcCosts = { kdf: 'pbkdf2', salt: rfc.salt, iterations: 4096 } as const;
const rfcProof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const rfcVerifier = '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';
const rfcRandom = () => decodeBase64(rfc.clientNonce) as Uint8Array;
const plain: TransportInfo = { type: 'websocket' };
const cheap: ScramCosts = { kdf: 'pbkdf2', salt: 'W22ZaJ0SNY7soEsUEjb6gQ==', iterations: 1 };
const argon: ScramCosts = { kdf: 'argon2id13', salt: 'W22ZaJ0SNY7soEsUEjb6gQ==', iterations: 1, memory: 64 };
const lax: WampScramOptions = { minIterations: 1, minWork: 1 };

function begin(password: string, options: WampScramOptions = lax, transport = plain): ClientHandshake {
  return wampScram('user', password, options).begin({ transport });
}

const answerOf = async (half: ClientHandshake, extra: Record<string, unknown>) => half.answer(extra);
const nonceOf = (half: ClientHandshake) => half.authextra?.nonce as string;

describe('SCRAM-08: AuthMessage', () => {
  const { authid, clientNonce, nonce, salt, iterations } = rfc;

  test('is that of RFC 7677', () => {
    expect(scramAuthMessage(rfc)).toBe(
      `n=user,r=${clientNonce},r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`,
    );
  });

  // Section 5, which is with SHA-1: WAMP has no such KDF, but the text that is signed is the same.
  test('is that of RFC 5802: its proof is over it', () => {
    const clientNonce = 'fyko+d2lbbFgONRv9qkxdawL';
    const nonce = `${clientNonce}3rfcNHYJY1ZVvWVs7j`;
    const salt = 'QSXCR+Q6sek8bf92';
    const authMessage = scramAuthMessage({ authid: 'user', clientNonce, nonce, salt, iterations: 4096 });
    const salted = pbkdf2Sync('pencil', Buffer.from(salt, 'base64'), 4096, 20, 'sha1');
    const clientKey = createHmac('sha1', salted).update('Client Key').digest();
    const storedKey = createHash('sha1').update(clientKey).digest();
    const signature = createHmac('sha1', storedKey).update(authMessage).digest();
    const proof = clientKey.map((octet, index) => octet ^ (signature[index] as number));
    expect(encodeBase64(proof)).toBe('v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=');
  });

  test.each<[Partial<ScramAuthMessageParts>, string]>([
    [{ authid: 'a=b,c' }, 'n=a=3Db=2Cc,'],
    [{ authid: '=2C' }, 'n==3D2C,'],
    [{ authid: 'I\u00adX' }, 'n=IX,'],
    [{ authid: 'Ⅸ' }, 'n=IX,'],
    [{ channelBinding: null }, ',c=biws,'],
    [
      { channelBinding: { type: 'tls-unique', data: Uint8Array.of(255, 0) } },
      `,c=${btoa('p=tls-unique,,\xff\0')},`,
    ],
  ])('of %j has %j', (part, text) => {
    expect(scramAuthMessage({ authid, clientNonce, nonce, salt, iterations, ...part })).toContain(text);
  });
});

describe('SCRAM-07: the router', () => {
  test('accepts the proof of RFC 7677, and answers with its verifier', async () => {
    const keys = await deriveScramKeys('pencil', rfcCosts);
    const verdict = await verifyScramProof({ ...keys, authMessage: scramAuthMessage(rfc), proof: rfcProof });
    expect(verdict).toEqual({ ok: true, verifier: rfcVerifier });
  });

  test.each([
    ['another proof', { proof: rfcVerifier }],
    ['no proof', { proof: '' }],
    ['a proof that is no base64', { proof: '!' }],
    ['a short proof', { proof: 'dHzb' }],
    [
      'a proof with octets behind it',
      { proof: encodeBase64(Uint8Array.of(...(decodeBase64(rfcProof) as Uint8Array), 0)) },
    ],
    ['a proof of other spelling', { proof: rfcProof.replace('VQ=', 'VR=') }],
    ['another message', { authMessage: scramAuthMessage({ ...rfc, iterations: 4097 }) }],
    ['no stored key', { storedKey: '' }],
  ])('refuses %s', async (_name, part) => {
    const keys = await deriveScramKeys('pencil', rfcCosts);
    const given = { ...keys, authMessage: scramAuthMessage(rfc), proof: rfcProof, ...part };
    expect((await verifyScramProof(given)).ok).toBe(false);
  });

  test('SCRAM-03: a user who does not exist has a stable salt of the usual size, and no password', async () => {
    const [one, again, other] = ['joe', 'joe', 'ann'].map((authid) => mockScramUser('secret', authid));
    expect(one).toEqual(again);
    expect(one?.salt).not.toBe(other?.salt);
    expect(mockScramUser('another secret', 'joe').salt).not.toBe(one?.salt);
    expect(decodeBase64(one?.salt as string)).toHaveLength(16);
    const costs = { kdf: 'argon2id13', iterations: 3, memory: 65536 } as const;
    expect(mockScramUser('secret', 'joe', costs)).toMatchObject({ ...costs, salt: one?.salt });
    const keys = await deriveScramKeys('secret', one as ScramCosts);
    expect(keys.storedKey).not.toBe(one?.storedKey);
  });
});

describe('SCRAM-04: nonces', () => {
  test('are 16 random octets in base64, and the router appends as many', () => {
    const nonce = createScramNonce();
    expect(decodeBase64(nonce)).toHaveLength(16);
    expect(createScramNonce()).not.toBe(nonce);
    const extended = extendScramNonce(nonce);
    expect(extended.startsWith(nonce)).toBe(true);
    expect(decodeBase64(extended.slice(nonce.length))).toHaveLength(16);
    expect(decodeBase64(createScramSalt())).toHaveLength(16);
  });

  test.each<[unknown, boolean]>([
    ['egVDf3DMJh0=', true],
    [rfc.clientNonce, true],
    ['', false],
    ['egVDf3DMJh0', false],
    ['egVDf3DMJh1=', false],
    [' egVDf3DMJh0=', false],
    ['a,b=', false],
    ['A'.repeat(256), true],
    ['A'.repeat(260), false],
    [7, false],
    [undefined, false],
  ])('isScramNonce(%j) is %j', (value, is) => {
    expect(isScramNonce(value)).toBe(is);
  });
});

describe('SCRAM-09: deriving keys', () => {
  test('argon2id13 differs from pbkdf2, and by its memory', async () => {
    const derived = [cheap, argon, { ...argon, memory: 65 }].map((costs) => deriveScramKeys('pencil', costs));
    expect(new Set((await Promise.all(derived)).map(({ storedKey }) => storedKey)).size).toBe(3);
  });

  test.each([
    [{ ...cheap, iterations: 0 }, 'iterations 0 is no integer from 1 to 10000000'],
    [{ ...cheap, iterations: 2 ** 31 }, 'iterations 2147483648'],
    [{ ...cheap, iterations: 1.5 }, 'iterations 1.5'],
    [{ ...cheap, salt: '' }, 'the salt is not canonical base64'],
    [{ ...cheap, salt: 'salt!' }, 'the salt is not canonical base64'],
    [{ ...cheap, salt: 'A'.repeat(1028) }, 'the salt is not canonical base64'],
    [{ ...cheap, kdf: 'scrypt' as 'pbkdf2' }, 'no kdf "scrypt"'],
    [{ ...argon, salt: 'AAAA' }, 'wants a salt of 8 octets'],
    [{ ...argon, memory: null }, 'memory object is no integer from 8 to 1048576'],
    [{ ...argon, memory: 7 }, 'memory 7'],
    [{ ...argon, memory: 2 ** 31 }, 'memory 2147483648'],
    [{ ...argon, iterations: 2 ** 31 }, 'iterations 2147483648 is no integer from 1 to 65536'],
  ])('refuses %j', async (costs, message) => {
    await expect(deriveScramKeys('pencil', costs)).rejects.toThrow(message);
  });
});

describe('SCRAM-02, SCRAM-06: the client', () => {
  const options: WampScramOptions = { random: rfcRandom };
  const challenge = { nonce: rfc.nonce, salt: rfc.salt, kdf: 'pbkdf2', iterations: 4096, memory: null };

  test('gives the proof of RFC 7677, and takes its verifier', async () => {
    const half = begin('pencil', options);
    expect(half).toMatchObject({ method: 'wamp-scram', authid: 'user' });
    expect(half.authextra).toEqual({ nonce: rfc.clientNonce, channel_binding: null });
    expect(await answerOf(half, challenge)).toEqual({
      signature: rfcProof,
      extra: { nonce: rfc.nonce, channel_binding: null, cbind_data: null },
    });
    expect(() => half.welcomed?.({ authextra: { verifier: rfcVerifier } })).not.toThrow();
    expect(() => half.welcomed?.({ authextra: { verifier: `v=${rfcVerifier}` } })).not.toThrow();
  });

  test.each([
    [{}],
    [{ authextra: null }],
    [{ authextra: {} }],
    [{ authextra: { verifier: '' } }],
    [{ authextra: { verifier: 'v=' } }],
    [{ authextra: { verifier: 7 } }],
    [{ authextra: { verifier: rfcProof } }],
  ])('SCRAM-07: leaves a router whose WELCOME has %j', async (details) => {
    const half = begin('pencil', options);
    await answerOf(half, challenge);
    expect(() => half.welcomed?.(details)).toThrow('does not prove that it knows the password');
  });

  test('SCRAM-07: leaves a router that welcomes without a challenge', () => {
    expect(() => begin('pencil').welcomed?.({ authextra: { verifier: '' } })).toThrow('does not prove');
  });

  test.each([
    ['a nonce of its own', { nonce: 'SBmkFIh7sSo=' }, 'does not extend ours'],
    ['our nonce alone', { nonce: rfc.clientNonce }, 'does not extend ours'],
    ['no nonce', { nonce: undefined }, 'needs nonce and salt as strings'],
    ['no salt', { salt: undefined }, 'needs nonce and salt as strings'],
    ['iterations as text', { iterations: '4096' }, 'iterations as an integer'],
    ['another kdf', { kdf: 'argon2id-13' }, 'names no known kdf'],
    ['memory as text', { kdf: 'argon2id13', memory: '65536' }, 'memory that is no integer'],
    ['few iterations', { iterations: 4095 }, '4095 iterations, suspiciously few: at least 4096'],
    ['no number of iterations', { iterations: Number.NaN }, 'suspiciously few'],
    ['little argon2 work', { kdf: 'argon2id13', iterations: 1, memory: 8191 }, 'suspiciously little work'],
    ['argon2 without memory', { kdf: 'argon2id13', iterations: 4096 }, 'suspiciously little work'],
    ['absurd iterations', { iterations: 2 ** 31 }, 'iterations 2147483648'],
    ['absurd memory', { kdf: 'argon2id13', iterations: 1, memory: 2 ** 31 }, 'memory 2147483648'],
    ['a salt that is none', { salt: 'a,b' }, 'the salt is not canonical base64'],
  ])('SCRAM-05: leaves a router that sends %s', async (_name, part, message) => {
    await expect(answerOf(begin('pencil', options), { ...challenge, ...part })).rejects.toThrow(message);
  });

  test('asks for its password at each handshake, and derives anew only what changed', async () => {
    let password = 'pencil';
    const authenticator = wampScram('user', () => password, options);
    const sign = async () => (await authenticator.begin({ transport: plain }).answer(challenge)).signature;
    expect(await sign()).toBe(rfcProof);
    password = 'crayon';
    expect(await sign()).not.toBe(rfcProof);
    password = 'pencil';
    expect(await sign()).toBe(rfcProof);
    expect(await sign()).toBe(rfcProof);
  });

  test('SCRAM-10: binds to the channel', async () => {
    const data = Uint8Array.of(1, 2, 3);
    const transport = { type: 'rawsocket', channelBinding: () => data };
    const half = begin('pencil', { ...lax, channelBinding: 'tls-unique' }, transport);
    expect(half.authextra).toMatchObject({ channel_binding: 'tls-unique' });
    const nonce = `${nonceOf(half)}more`;
    const { signature, extra } = await answerOf(half, { ...cheap, nonce });
    expect(extra).toEqual({ nonce, channel_binding: 'tls-unique', cbind_data: 'AQID' });
    const said = { authid: 'user', clientNonce: nonceOf(half), nonce, salt: cheap.salt, iterations: 1 };
    const keys = await deriveScramKeys('pencil', cheap);
    const bound = scramAuthMessage({ ...said, channelBinding: { type: 'tls-unique', data } });
    expect((await verifyScramProof({ ...keys, authMessage: bound, proof: signature })).ok).toBe(true);
    const unbound = { ...keys, authMessage: scramAuthMessage(said), proof: signature };
    expect((await verifyScramProof(unbound)).ok).toBe(false);
  });

  test('SCRAM-10: a transport that has no binding does not join', () => {
    expect(() => begin('pencil', { channelBinding: 'tls-exporter' })).toThrow('has none to offer');
  });

  test('SCRAM-08: a prohibited authid is refused at once, a prohibited password not quoted', async () => {
    expect(() => wampScram('a\u0007b', 'pencil')).toThrow('SASLprep');
    const half = begin('pen\u0007cil', options);
    const error = await answerOf(half, challenge).catch((reason) => reason);
    expect(error.message).toContain('SASLprep');
    expect(error.message).not.toContain('cil');
  });
});

test('SCRAM-07: what one half proves the other accepts, each knows the other, and no other password does', async () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
  await fc.assert(
    fc.asyncProperty(text, text, text, fc.boolean(), async (authid, password, other, memoryHard) => {
      const costs = memoryHard ? argon : cheap;
      const half = wampScram(authid, password, lax).begin({ transport: plain });
      const nonce = extendScramNonce(nonceOf(half));
      const { signature } = await half.answer({ ...costs, nonce });
      const said = { authid, clientNonce: nonceOf(half), nonce, salt: costs.salt, iterations: 1 };
      const judge = async (stored: string) =>
        verifyScramProof({
          ...(await deriveScramKeys(stored, costs)),
          authMessage: scramAuthMessage(said),
          proof: signature,
        });
      const verdict = await judge(password);
      expect(verdict.ok).toBe(true);
      expect(() => half.welcomed?.({ authextra: { verifier: verdict.verifier } })).not.toThrow();
      fc.pre(other !== password);
      const wrong = await judge(other);
      expect(wrong.ok).toBe(false);
      expect(() => half.welcomed?.({ authextra: { verifier: wrong.verifier } })).toThrow();
    }),
    { numRuns: 40 },
  );
});
