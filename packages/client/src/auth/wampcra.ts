/**
 * Joining by WAMP-CRA, for `ConnectOptions.auth`. An entry of its own, so that who does not use it does not load it.
 *
 * @example
 * connect(url, { realm: 'realm1', auth: wampcra('ann', 'ann-secret') });
 * @module
 */
export { type ChallengeSigner, signWampcra, type WampcraSecret, wampcra } from '@wampkit/auth/wampcra';
