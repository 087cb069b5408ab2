import { AuthorizationMeta } from './authorization-meta.js';
import type { MetaClient } from './meta-call.js';
import { ReflectionMeta } from './reflection-meta.js';
import { RegistrationMeta } from './registration-meta.js';
import { SessionMeta } from './session-meta.js';
import { SubscriptionMeta } from './subscription-meta.js';

/** The meta API of the realm that a client has joined. */
export interface MetaApi {
  readonly sessions: SessionMeta;
  readonly registrations: RegistrationMeta;
  readonly subscriptions: SubscriptionMeta;
  readonly reflection: ReflectionMeta;
  readonly authorization: AuthorizationMeta;
}

/**
 * The meta API of the realm that a client has joined, through that client: its calls are calls, its events
 * subscriptions, under the client's permissions.
 *
 * @example
 * const { sessions, registrations } = meta(client);
 * for (const id of await sessions.list()) show(await sessions.get(id));
 * await sessions.onLeave(({ session, authid }) => show(`${authid} left session ${session}`));
 * const id = await registrations.match('com.example.add');
 */
export function meta(client: MetaClient): MetaApi {
  return {
    sessions: new SessionMeta(client),
    registrations: new RegistrationMeta(client),
    subscriptions: new SubscriptionMeta(client),
    reflection: new ReflectionMeta(client),
    authorization: new AuthorizationMeta(client),
  };
}
