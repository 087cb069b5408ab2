import type { ChannelBindingType, TransportInfo } from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientHandshake } from '../client-authenticator.js';
import { decodeHex, encodeHex } from '../encoding/hex.js';
import { cryptosignChannelId } from './channel-id.js';
import { type CryptosignOptions, type CryptosignSigner, cryptosign } from './cryptosign.js';
import { cryptosignPublicKey, generateCryptosignKey } from './key.js';
import { createCryptosignChallenge, signCryptosign, verifyCryptosign } from './sign-cryptosign.js';

const ones = 'f'.repeat(64);
const channel = '62e935ae755f3d48f80d4d59f6121358c435722a67e859cc0caa8b539027f2ff';
const keys = [
  '4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510',
  'd511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd',
  '6e1fde9cf9e2359a87420b65a87dc0c66136e66945196ba2475990d8a0c3a25b',
] as const;
const challenges = [
  ones,
  'b26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d',
  'b05e6b8ad4d69abf74aa3be3c0ee40ae07d66e1895b9ab09285a2f1192d562d2',
] as const;

describe('CS-03, CS-04: the signature is that of the vector', () => {
  test.each([
    [
      keys[0],
      challenges[0],
      null,
      `b32675b221f08593213737bef8240e7c15228b07028e19595294678c90d11c0cae80a357331bfc5cc9fb71081464e6e75013517c2cf067ad566a6b7b728e5d03${ones}`,
    ],
    [
      keys[1],
      challenges[1],
      null,
      `d4209ad10d5aff6bfbc009d7e924795de138a63515efc7afc6b01b7fe5201372190374886a70207b042294af5bd64ce725cd8dceb344e6d11c09d1aaaf4d660f${challenges[1]}`,
    ],
    [
      keys[2],
      challenges[2],
      null,
      `7beb282184baadd08f166f16dd683b39cab53816ed81e6955def951cb2ddad1ec184e206746fd82bda075af03711d3d5658fc84a76196b0fa8d1ebc92ef9f30b${challenges[2]}`,
    ],
    [
      keys[0],
      challenges[0],
      channel,
      '9b6f41540c9b95b4b7b281c3042fa9c54cef43c842d62ea3fd6030fcb66e70b3e80d49d44c29d1635da9348d02ec93f3ed1ef227dfb59a07b580095c2b82f80f9d16ca518aa0c2b707f2b2a609edeca73bca8dd59817a633f35574ac6fd80d00',
    ],
    [
      keys[1],
      challenges[1],
      channel,
      '305aaa3ac25e98f651427688b3fc43fe7d8a68a7ec1d7d61c61517c519bd4a427c3015599d83ca28b4c652333920223844ef0725eb5dc2febfd6af7677b73f01d0852a29b460fc92ec943242ac638a053bbacc200512b18b30d15083cbdc9282',
    ],
    [
      keys[2],
      challenges[2],
      channel,
      'ee3c7644fd8070532bc1fde3d70d742267da545d8c8f03e63bda63f1ad4214f4d2c4bfdb4eb9526def42deeb7e31602a6ff99eba893e0a4ad4d45892ca75e608d2b75e24a189a7f78ca776ba36fc53f6c3e31c32f251f2c524f0a44202f2902d',
    ],
  ])('%s signs %s in the channel %s', (seed, challenge, channelHex, signature) => {
    const channelId = channelHex === null ? undefined : (decodeHex(channelHex, 32) as Uint8Array);
    expect(signCryptosign(seed, challenge, channelId)).toBe(signature);
    expect(verifyCryptosign(cryptosignPublicKey(seed), signature, challenge, channelId)).toBe(true);
  });
});

describe('CS-03: verifyCryptosign', () => {
  const [seed, , foreign] = keys;
  const publicKey = cryptosignPublicKey(seed);
  const challenge = challenges[1];
  const signature = signCryptosign(seed, challenge);
  const channelId = decodeHex(channel, 32) as Uint8Array;

  test('takes hex of either case', () => {
    const upper = [publicKey, signature, challenge].map((hex) => hex.toUpperCase()) as [
      string,
      string,
      string,
    ];
    expect(verifyCryptosign(...upper)).toBe(true);
  });

  test.each<[string, string, string, string, Uint8Array?]>([
    ['a true signature of another challenge', publicKey, signCryptosign(seed, ones), challenge],
    [
      'a signature of another challenge under this message',
      publicKey,
      signCryptosign(seed, ones).slice(0, 128) + challenge,
      challenge,
    ],
    ['a signature by another key', publicKey, signCryptosign(foreign, challenge), challenge],
    ['one bit changed', publicKey, `${signature[0] === '0' ? '1' : '0'}${signature.slice(1)}`, challenge],
    ['no message behind the signature', publicKey, signature.slice(0, 128), challenge],
    ['nothing', publicKey, '', challenge],
    ['no hex', publicKey, 'g'.repeat(192), challenge],
    ['a signature of zeros', publicKey, '0'.repeat(128) + challenge, challenge],
    ['a key that is none', '00', signature, challenge],
    ['a key of no point of the curve', ones, signature, challenge],
    ['a challenge that is none', publicKey, signature, 'ff'],
    ['a channel where the client saw none', publicKey, signature, challenge, channelId],
    ['no channel where the client saw one', publicKey, signCryptosign(seed, challenge, channelId), challenge],
  ])('refuses %s', (_name, key, given, asked, id) => {
    expect(verifyCryptosign(key, given, asked, id)).toBe(false);
  });
});

describe('CS-01: keys', () => {
  test('a generated key signs what its public half verifies', () => {
    const { privateKey, publicKey } = generateCryptosignKey();
    expect(cryptosignPublicKey(privateKey)).toBe(publicKey);
    const challenge = createCryptosignChallenge();
    expect(challenge).toMatch(/^[0-9a-f]{64}$/);
    expect(verifyCryptosign(publicKey, signCryptosign(privateKey, challenge), challenge)).toBe(true);
  });

  test.each(['', 'ab', 'g'.repeat(64), `${keys[0]}00`, ` ${keys[0].slice(1)}`])(
    'a private key of %j is refused, and not quoted',
    (key) => {
      const refuse = () => cryptosignPublicKey(key);
      expect(refuse).toThrow('a private key must be 64 hex digits');
      expect(() => cryptosign(key)).toThrow('a private key must be 64 hex digits');
    },
  );

  test('what is no public key is refused', () => {
    expect(() => cryptosign(keys[0], { routerKey: 'ab' })).toThrow('a public key must be 64 hex digits');
  });
});

const binding = Uint8Array.from({ length: 32 }, (_, index) => index);

function transportOf(data: Uint8Array | null): TransportInfo {
  return { type: 'websocket', secure: true, channelBinding: () => data };
}

function begin(
  key: string | CryptosignSigner,
  options: CryptosignOptions = {},
  transport: TransportInfo = { type: 'websocket' },
): ClientHandshake {
  return cryptosign(key, options).begin({ transport });
}

const answerOf = async (half: ClientHandshake, extra: Record<string, unknown>) => half.answer(extra);

describe('CS-01: the client', () => {
  const publicKey = cryptosignPublicKey(keys[0]);

  test('names its public key, and an authid only when it has one', () => {
    expect(begin(keys[0])).toMatchObject({
      method: 'cryptosign',
      authid: undefined,
      authextra: { pubkey: publicKey },
    });
    expect(begin(keys[0], { authid: 'device-1' }).authid).toBe('device-1');
    expect(begin(keys[0]).authextra).toEqual({ pubkey: publicKey });
  });

  test('CS-03: signs the challenge', async () => {
    const extra = { challenge: challenges[1], channel_binding: null };
    expect(await answerOf(begin(keys[0]), extra)).toEqual({
      signature: signCryptosign(keys[0], challenges[1]),
    });
  });

  test('CS-03: lets an agent sign', async () => {
    const [seed] = keys;
    const sign = async (message: Uint8Array) =>
      (decodeHex(signCryptosign(seed, encodeHex(message)), 96) as Uint8Array).subarray(0, 64);
    const half = begin({ publicKey: publicKey.toUpperCase(), sign });
    expect(half.authextra).toEqual({ pubkey: publicKey });
    const { signature } = await answerOf(half, { challenge: ones });
    expect(verifyCryptosign(publicKey, signature, ones)).toBe(true);
  });

  test('CS-03: a signature that is none, of an agent, is not sent', async () => {
    const half = begin({ publicKey, sign: () => new Uint8Array(63) });
    await expect(answerOf(half, { challenge: ones })).rejects.toThrow('a signature must be of 64 octets');
  });

  test.each([
    [{}],
    [{ challenge: 7 }],
    [{ challenge: 'ff' }],
    [{ challenge: 'g'.repeat(64) }],
    [{ challenge: `${ones}ff` }],
  ])('CS-02: a challenge of %j is not signed', async (extra) => {
    await expect(answerOf(begin(keys[0]), extra)).rejects.toThrow(/challenge/);
  });
});

describe('CS-04: channel binding', () => {
  const exporter = { channelBinding: 'tls-exporter' } as const;

  test('is asked for, and mixed into what is signed', async () => {
    const half = begin(keys[0], exporter, transportOf(binding));
    expect(half.authextra).toMatchObject({ channel_binding: 'tls-exporter' });
    const { signature } = await answerOf(half, { challenge: ones, channel_binding: 'tls-exporter' });
    expect(signature).toBe(signCryptosign(keys[0], ones, binding));
  });

  test.each<ChannelBindingType>(['tls-exporter', 'tls-unique'])('%s gives an id of 32 octets', (type) => {
    expect(cryptosignChannelId(type, binding)).toHaveLength(32);
  });

  test('the Finished message of tls-unique is hashed', async () => {
    const finished = binding.subarray(0, 12);
    const half = begin(keys[0], { channelBinding: 'tls-unique' }, transportOf(finished));
    const { signature } = await answerOf(half, { challenge: ones, channel_binding: 'tls-unique' });
    expect(signature).toBe(signCryptosign(keys[0], ones, cryptosignChannelId('tls-unique', finished)));
  });

  test.each([[undefined], [null], ['tls-unique'], [{}]])(
    'a router that answers with %j is left',
    async (answer) => {
      const half = begin(keys[0], exporter, transportOf(binding));
      await expect(answerOf(half, { challenge: ones, channel_binding: answer })).rejects.toThrow(
        'the router does not use channel binding "tls-exporter"',
      );
    },
  );

  test('a router that binds unasked is left', async () => {
    const extra = { challenge: ones, channel_binding: 'tls-exporter' };
    await expect(answerOf(begin(keys[0]), extra)).rejects.toThrow('which was not asked for');
  });

  test.each<[TransportInfo]>([[{ type: 'websocket' }], [transportOf(null)]])(
    'a transport that has none does not join: %j',
    (transport) => {
      expect(() => begin(keys[0], exporter, transport)).toThrow(
        'channelBinding "tls-exporter": this websocket transport has none to offer',
      );
    },
  );

  test('a router that never asks for a signature is left', () => {
    expect(() => begin(keys[0], exporter, transportOf(binding)).welcomed?.({})).toThrow(
      'without a CHALLENGE',
    );
  });
});

describe('CS-05: the router proves itself', () => {
  const routerKey = cryptosignPublicKey(keys[1]);

  /** What an honest router with the key of `seed` sends. */
  function proof(half: ClientHandshake, seed: string, channelId?: Uint8Array): Record<string, unknown> {
    const challenge = half.authextra?.challenge as string;
    return {
      challenge: ones,
      pubkey: cryptosignPublicKey(seed),
      signature: signCryptosign(seed, challenge, channelId),
    };
  }

  test('the pinned router is answered and welcome', async () => {
    const half = begin(keys[0], { routerKey: routerKey.toUpperCase() });
    expect(half.authextra?.challenge).toMatch(/^[0-9a-f]{64}$/);
    const { signature } = await answerOf(half, proof(half, keys[1]));
    expect(signature).toBe(signCryptosign(keys[0], ones));
    expect(() => half.welcomed?.({})).not.toThrow();
  });

  test('CS-04: its signature is bound to the channel too', async () => {
    const options = { routerKey, channelBinding: 'tls-exporter' } as const;
    const half = begin(keys[0], options, transportOf(binding));
    const bound = { channel_binding: 'tls-exporter' };
    await expect(answerOf(half, { ...proof(half, keys[1]), ...bound })).rejects.toThrow(
      'signature of the router is wrong',
    );
    await expect(answerOf(half, { ...proof(half, keys[1], binding), ...bound })).resolves.toBeDefined();
  });

  test.each<[string, (half: ClientHandshake) => Record<string, unknown>, string]>([
    ['gives no proof', () => ({ challenge: ones }), 'does not prove who it is'],
    ['has another key', (half) => proof(half, keys[2]), 'has another key'],
    ['claims the key', (half) => ({ ...proof(half, keys[2]), pubkey: routerKey }), 'is wrong'],
    [
      'signed another challenge',
      () => ({ challenge: ones, pubkey: routerKey, signature: signCryptosign(keys[1], ones) }),
      'is wrong',
    ],
    [
      'sends what is no signature',
      () => ({ challenge: ones, pubkey: routerKey, signature: 'ff' }),
      'is wrong',
    ],
  ])('a router that %s gets no answer', async (_name, extra, message) => {
    const half = begin(keys[0], { routerKey });
    await expect(answerOf(half, extra(half))).rejects.toThrow(message);
    expect(() => half.welcomed?.({})).toThrow();
  });

  test('each handshake has a challenge of its own', () => {
    const authenticator = cryptosign(keys[0], { routerKey });
    const [one, other] = [1, 2].map(() => authenticator.begin({ transport: { type: 'websocket' } }));
    expect(one?.authextra?.challenge).not.toBe(other?.authextra?.challenge);
  });

  test('a router that asks for no signature is left when it is pinned, and only then', () => {
    expect(() => begin(keys[0], { routerKey }).welcomed?.({})).toThrow('without a CHALLENGE');
    expect(() => begin(keys[0]).welcomed?.({})).not.toThrow();
  });
});

test('CS-03: what one half signs the other verifies, and in no other channel', () => {
  const octets = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(octets, octets, fc.option(octets, { nil: undefined }), (seed, challenge, id) => {
      const [key, asked] = [encodeHex(seed), encodeHex(challenge)];
      const signature = signCryptosign(key, asked, id);
      const publicKey = cryptosignPublicKey(key);
      expect(verifyCryptosign(publicKey, signature, asked, id)).toBe(true);
      const other = Uint8Array.from(id ?? new Uint8Array(32), (byte) => byte ^ 1);
      expect(verifyCryptosign(publicKey, signature, asked, other)).toBe(false);
    }),
  );
});
