import { RandomIds } from '@wampkit/protocol';
import type { Authenticator } from './authenticator.js';

/**
 * Lets everybody in, each under an authid of its own (AUTH-03); an authid that the client asks for is ignored, for
 * nothing proves it.
 *
 * @param options.role the role of these sessions
 */
export function anonymousAuthenticator(options: { readonly role: string }): Authenticator {
  const ids = new RandomIds();
  return {
    method: 'anonymous',
    start: () => ({
      type: 'accept',
      authid: `anonymous-${ids.next().toString(36)}`,
      authrole: options.role,
    }),
  };
}
