import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveWampcraKey } from './derive-wampcra-key.js';
import { signWampcra, verifyWampcra } from './sign-wampcra.js';
import { wampcra } from './wampcra.js';

const secret = 'L3L1YUE8Txlw';
const derived = 'qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y=';
const challenge = '[1, 2, 3]';
const signature = '1njQtmmeYO41N5EWEzD2kAjjEKRZ5kPZt/TzpYXOzR0=';

test('CRA-04: the derived key is the base64 text of the vector', async () => {
  expect(await deriveWampcraKey(secret, { salt: 'salt123', iterations: 1000, keylen: 32 })).toBe(derived);
  expect(await deriveWampcraKey(secret, { salt: 'salt123' })).toBe(derived);
});

test('CRA-03: the signature is that of the vector', async () => {
  expect(await signWampcra(secret, challenge)).toBe(signature);
  expect(await verifyWampcra(secret, challenge, signature)).toBe(true);
});

describe('CRA-05: verifyWampcra', () => {
  test.each([
    ['another key', 'L3L1YUE8Txlx', challenge, signature],
    ['no key', '', challenge, signature],
    ['another challenge', secret, '[1,2,3]', signature],
    ['another signature', secret, challenge, signature.replace('1', '2')],
    ['a cut signature', secret, challenge, signature.slice(0, -1)],
    ['no signature', secret, challenge, ''],
    ['a signature of other case', secret, challenge, signature.toLowerCase()],
  ])('refuses %s', async (_name, key, text, given) => {
    expect(await verifyWampcra(key, text, given)).toBe(false);
  });
});

describe('CRA-03: the client', () => {
  test('names its method and authid', () => {
    expect(wampcra('peter', secret)).toMatchObject({ method: 'wampcra', authid: 'peter' });
  });

  test('signs the challenge exactly as it came', async () => {
    const text = '{ "nonce": "LHRTC9zeOIrt_9U3",\n  "session": 3251278072152162,  "autïd": "pe\u0000ter" }';
    const answer = await wampcra('peter', secret).answer({ challenge: text });
    expect(answer).toEqual({ signature: await signWampcra(secret, text) });
  });

  test('asks for its secret at each handshake', async () => {
    let count = 0;
    const authenticator = wampcra('peter', async () => `s${++count}`);
    await authenticator.answer({ challenge });
    expect((await authenticator.answer({ challenge })).signature).toBe(await signWampcra('s2', challenge));
  });

  test('CRA-05: lets a third party sign, which sees all of the challenge', async () => {
    const extra = { challenge, salt: 'salt123', iterations: 7, keylen: 16 };
    const asked: unknown[] = [];
    const signer = async (...given: unknown[]) => {
      asked.push(given);
      return 'signed elsewhere';
    };
    expect(await wampcra('peter', { signer }).answer(extra)).toEqual({ signature: 'signed elsewhere' });
    expect(asked).toEqual([[challenge, extra]]);
  });

  test('CRA-05: a signer that fails rejects the answer', async () => {
    const signer = () => Promise.reject(new Error('who are you?'));
    await expect(wampcra('peter', { signer }).answer({ challenge })).rejects.toThrow('who are you?');
  });

  test.each([
    [{ salt: 'salt123', iterations: 1000, keylen: 32 }],
    [{ salt: 'salt123' }],
    [{ salt: 'salt123', iterations: null, keylen: null }],
  ])('CRA-04: derives its key by %j', async (costs) => {
    const answer = await wampcra('peter', secret).answer({ challenge, ...costs });
    expect(answer.signature).toBe(await signWampcra(derived, challenge));
  });

  test.each([[{ salt: '' }], [{ salt: null }], [{ iterations: 1000 }]])(
    'CRA-04: takes %j for not salted',
    async (costs) => {
      expect((await wampcra('peter', secret).answer({ challenge, ...costs })).signature).toBe(signature);
    },
  );

  test.each([
    [{}, 'CHALLENGE.Extra.challenge is not a string'],
    [{ challenge: { nonce: 'x' } }, 'CHALLENGE.Extra.challenge is not a string'],
    [{ challenge, salt: 7 }, 'CHALLENGE.Extra.salt is not a string'],
    [{ challenge, salt: 's', iterations: '1000' }, 'CHALLENGE.Extra.iterations is not an integer'],
    [{ challenge, salt: 's', iterations: 2 ** 31 }, 'iterations 2147483648 is not within 1 and 10000000'],
    [{ challenge, salt: 's', iterations: 6_000_000, keylen: 64 }, 'is not within 1 and 5000000'],
    [{ challenge, salt: 's', iterations: 0 }, 'iterations 0'],
    [{ challenge, salt: 's', iterations: 1.5 }, 'iterations 1.5'],
    [{ challenge, salt: 's', iterations: Number.NaN }, 'iterations NaN'],
    [{ challenge, salt: 's', keylen: 2 ** 31 }, 'keylen 2147483648'],
    [{ challenge, salt: 's', keylen: 0 }, 'keylen 0'],
    [{ challenge, salt: 's'.repeat(1025) }, 'length of the salt 1025'],
  ])('CRA-04: refuses a challenge of %j', async (extra, message) => {
    const error = await Promise.resolve(wampcra('peter', secret).answer(extra)).catch((reason) => reason);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain(secret);
  });
});

test('CRA-03: what one half signs the other accepts, and by no other secret', async () => {
  const text = fc.string({ unit: 'grapheme' });
  await fc.assert(
    fc.asyncProperty(text.filter(Boolean), text, text, async (mine, said, other) => {
      const answer = await wampcra('peter', mine).answer({ challenge: said });
      expect(await verifyWampcra(mine, said, answer.signature)).toBe(true);
      // HMAC pads a key with zeros, so keys that differ in those alone are one key.
      fc.pre(other.replace(/\0+$/, '') !== mine.replace(/\0+$/, ''));
      expect(await verifyWampcra(other, said, answer.signature)).toBe(false);
    }),
  );
});
