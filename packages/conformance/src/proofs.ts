import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  pbkdf2Sync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

/* The client's halves of the methods, from the specification alone. */

/** The signature of a challenge by WAMP-CRA, salted when its Extra says so (CRA-03, CRA-04). */
export function signCra(secret: string, extra: Readonly<Record<string, unknown>>): string {
  const {
    challenge,
    salt,
    iterations = 1000,
    keylen = 32,
  } = extra as {
    challenge: string;
    salt?: string;
    iterations?: number;
    keylen?: number;
  };
  const key =
    salt === undefined ? secret : pbkdf2Sync(secret, salt, iterations, keylen, 'sha256').toString('base64');
  return createHmac('sha256', key).update(challenge).digest('base64');
}

/** A client's nonce. */
export function scramNonce(): string {
  return randomBytes(16).toString('base64');
}

/** The client's proof and what the router has to prove in return, by RFC 5802 (SCRAM-08); PBKDF2 alone. */
export function proveScram(
  { authid, password }: { readonly authid: string; readonly password: string },
  clientNonce: string,
  extra: Readonly<Record<string, unknown>>,
): { proof: string; verifier: string } {
  const { nonce, salt, iterations } = extra as { nonce: string; salt: string; iterations: number };
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, 32, 'sha256');
  const name = authid.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const message = `n=${name},r=${clientNonce},r=${nonce},s=${salt},i=${iterations},c=biws,r=${nonce}`;
  const clientKey = hmac(salted, 'Client Key');
  const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
  const proof = clientKey.map((octet, index) => octet ^ (signature[index] as number));
  return {
    proof: Buffer.from(proof).toString('base64'),
    verifier: hmac(hmac(salted, 'Server Key'), message).toString('base64'),
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

const privatePrefix = '302e020100300506032b657004220420';
const publicPrefix = '302a300506032b6570032100';

/** The public key of an Ed25519 seed, in hex. */
export function publicKeyOf(seed: string): string {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return der.subarray(publicPrefix.length / 2).toString('hex');
}

/** A challenge's signature, with the challenge behind it (CS-03). */
export function signChallenge(seed: string, challenge: string): string {
  return sign(null, Buffer.from(challenge, 'hex'), privateKey(seed)).toString('hex') + challenge;
}

/** Whether a signature is of this challenge and key, and carries the challenge (CS-05). */
export function isSignedBy(publicKey: string, signature: unknown, challenge: string): boolean {
  if (typeof signature !== 'string' || signature.length !== 192 || signature.slice(128) !== challenge)
    return false;
  const der = Buffer.from(publicPrefix + publicKey, 'hex');
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(challenge, 'hex'), key, Buffer.from(signature.slice(0, 128), 'hex'));
}

function privateKey(seed: string) {
  return createPrivateKey({ key: Buffer.from(privatePrefix + seed, 'hex'), format: 'der', type: 'pkcs8' });
}
