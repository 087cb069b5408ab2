import type { Dict } from '@wampkit/protocol';

function features(...names: string[]): Dict {
  return Object.freeze({ features: Object.freeze(Object.fromEntries(names.map((name) => [name, true]))) });
}

/**
 * WELCOME.Details.roles: exactly what works. What is absent here has no effect; `session_meta_api` is absent because
 * only three of its procedures exist.
 */
export const routerRoles: Dict = Object.freeze({
  broker: features(
    'publisher_identification',
    'publisher_exclusion',
    'subscriber_blackwhite_listing',
    'pattern_based_subscription',
  ),
  dealer: features(
    'caller_identification',
    'call_canceling',
    'progressive_call_results',
    'pattern_based_registration',
  ),
});
