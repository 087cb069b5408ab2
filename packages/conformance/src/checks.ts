import type { Check } from './check.js';
import { announcements } from './checks/announcements.js';
import { authentication } from './checks/authentication.js';
import { authorization } from './checks/authorization.js';
import { basicIds } from './checks/basic-ids.js';
import { basicMessages } from './checks/basic-messages.js';
import { basicOptions } from './checks/basic-options.js';
import { basicPubsub } from './checks/basic-pubsub.js';
import { basicRpc } from './checks/basic-rpc.js';
import { basicSerialization } from './checks/basic-serialization.js';
import { basicSessions } from './checks/basic-sessions.js';
import { basicTransport } from './checks/basic-transport.js';
import { basicUris } from './checks/basic-uris.js';
import { basicViolations } from './checks/basic-violations.js';
import { batchedWebSocket } from './checks/batched-websocket.js';
import { binaryJson } from './checks/binary-json.js';
import { callCanceling } from './checks/call-canceling.js';
import { callRerouting } from './checks/call-rerouting.js';
import { callTimeout } from './checks/call-timeout.js';
import { encodingForms } from './checks/encoding-forms.js';
import { eventHistory } from './checks/event-history.js';
import { eventRetention } from './checks/event-retention.js';
import { longpoll } from './checks/longpoll.js';
import { patternRegistration } from './checks/pattern-registration.js';
import { patternSubscription } from './checks/pattern-subscription.js';
import { payloadPassthru } from './checks/payload-passthru.js';
import { progressiveInvocations } from './checks/progressive-invocations.js';
import { progressiveResults } from './checks/progressive-results.js';
import { rawsocket } from './checks/rawsocket.js';
import { receivers } from './checks/receivers.js';
import { reflection } from './checks/reflection.js';
import { registrationMetaApi } from './checks/registration-meta-api.js';
import { registrationRevocation } from './checks/registration-revocation.js';
import { sessionMetaApi } from './checks/session-meta-api.js';
import { sharedRegistration } from './checks/shared-registration.js';
import { subscriptionMetaApi } from './checks/subscription-meta-api.js';
import { testaments } from './checks/testaments.js';
import { trustlevels } from './checks/trustlevels.js';

/** Every check, in the order of a run. */
export const checks: readonly Check[] = [
  ...basicUris,
  ...basicIds,
  ...basicSerialization,
  ...encodingForms,
  ...basicTransport,
  ...basicViolations,
  ...basicOptions,
  ...basicMessages,
  ...basicSessions,
  ...basicPubsub,
  ...basicRpc,
  ...callCanceling,
  ...progressiveResults,
  ...progressiveInvocations,
  ...callTimeout,
  ...callRerouting,
  ...sharedRegistration,
  ...registrationMetaApi,
  ...registrationRevocation,
  ...patternRegistration,
  ...patternSubscription,
  ...receivers,
  ...trustlevels,
  ...eventRetention,
  ...eventHistory,
  ...sessionMetaApi,
  ...subscriptionMetaApi,
  ...testaments,
  ...authentication,
  ...authorization,
  ...reflection,
  ...announcements,
  ...payloadPassthru,
  ...binaryJson,
  ...rawsocket,
  ...batchedWebSocket,
  ...longpoll,
];
