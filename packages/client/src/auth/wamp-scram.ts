/**
 * Joining by WAMP-SCRAM, for `ConnectOptions.auth`. An entry of its own, so that who does not use it does not load it.
 *
 * @example
 * connect(url, { realm: 'realm1', auth: wampScram('eve', 'eve-password') });
 * @module
 */
export { type WampScramOptions, wampScram } from '@wampkit/auth/wamp-scram';
