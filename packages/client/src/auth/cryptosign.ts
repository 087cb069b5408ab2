/**
 * Joining by WAMP-Cryptosign, for `ConnectOptions.auth`. An entry of its own, so that who does not use it does not load
 * it.
 *
 * @example
 * connect(url, { realm: 'realm1', auth: cryptosign(privateKey, { routerKey, channelBinding: 'tls-exporter' }) });
 * @module
 */
export {
  type CryptosignKey,
  type CryptosignOptions,
  type CryptosignSigner,
  cryptosign,
  cryptosignPublicKey,
  generateCryptosignKey,
} from '@wampkit/auth/cryptosign';
