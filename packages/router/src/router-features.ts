import type { Dict } from '@wampkit/protocol';

/** What a realm's options decide about its features. */
export interface RealmFeatures {
  readonly metaApi: boolean;
  /** Whether the events of some topic are kept. */
  readonly history: boolean;
  /** Whether some role has a trust level. */
  readonly trustlevels: boolean;
}

/** WELCOME.Details.roles of a realm: exactly what works there. What is absent has no effect. */
export function routerRoles({ metaApi, history, trustlevels }: RealmFeatures): Dict {
  return Object.freeze({
    broker: features(metaApi, {
      publisher_identification: true,
      publisher_exclusion: true,
      subscriber_blackwhite_listing: true,
      pattern_based_subscription: true,
      event_history: metaApi && history,
      event_retention: true,
      payload_passthru_mode: true,
      publication_trustlevels: trustlevels,
      subscription_revocation: metaApi,
      subscription_meta_api: metaApi,
      session_meta_api: metaApi,
    }),
    dealer: features(metaApi, {
      caller_identification: true,
      call_canceling: true,
      progressive_call_results: true,
      progressive_call_invocations: true,
      pattern_based_registration: true,
      shared_registration: true,
      call_timeout: true,
      call_reroute: true,
      payload_passthru_mode: true,
      call_trustlevels: trustlevels,
      registration_revocation: true,
      registration_meta_api: metaApi,
      session_meta_api: metaApi,
      testament_meta_api: metaApi,
    }),
  });
}

/* A feature that does not work is left out, not announced as false. Reflection stands beside the features (REFL-01). */
function features(reflection: boolean, all: Readonly<Record<string, boolean>>): Dict {
  return Object.freeze({
    ...(reflection ? { reflection } : {}),
    features: Object.freeze(Object.fromEntries(Object.entries(all).filter(([, works]) => works))),
  });
}
