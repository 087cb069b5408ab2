import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

// What precedes the 32 octets of a key in DER: PKCS #8 and SubjectPublicKeyInfo, RFC 8410.
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** The public key, 32 octets, of a private key's seed of 32 octets: RFC 8032 section 5.1.5. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' });
  return der.subarray(publicPrefix.length);
}

/** The signature of a message: 64 octets. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(null, message, privateKey(seed));
}

/** Whether a signature is of this message and key. `false`, too, for what is no key. */
export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
}
