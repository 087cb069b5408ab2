/**
 * End-to-end encryption: payloads that only the holders of a key can read, and no router.
 *
 * @module
 */
export type { CipherName } from './e2ee/cipher.js';
export { type KeyRing, type KeyRingEntry, keyRing, type SealedPayload } from './e2ee/key-ring.js';
export { generateKey, type PayloadKey } from './e2ee/payload-key.js';
export type { PassthruOptions } from './passthru/passthru-options.js';
export type { PackingOptions, PassthruScheme } from './passthru/passthru-packer.js';
