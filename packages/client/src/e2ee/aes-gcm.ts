import { gcm } from '@noble/ciphers/aes.js';
import type { Cipher } from './cipher.js';

/** AES-256-GCM where only asynchronous WebCrypto is built in: payloads are read in the order in which they come. */
export const aesGcm: Cipher = {
  nonceLength: 12,
  seal: (key, nonce, plain) => gcm(key, nonce).encrypt(plain),
  open: (key, nonce, sealed) => gcm(key, nonce).decrypt(sealed),
};
