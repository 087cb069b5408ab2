import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Cipher } from './cipher.js';

const TAG_LENGTH = 16;

/** AES-256-GCM by node:crypto. The tag follows the text, as in WebCrypto. */
export const aesGcm: Cipher = {
  nonceLength: 12,
  seal(key, nonce, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  open(key, nonce, sealed) {
    if (sealed.length < TAG_LENGTH) throw new Error('shorter than its tag');
    const text = sealed.subarray(0, -TAG_LENGTH);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
    return Buffer.concat([decipher.update(text), decipher.final()]);
  },
};
