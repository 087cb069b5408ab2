import {
  Call,
  Cancel,
  ErrorMessage,
  Event,
  Invocation,
  Publish,
  Register,
  Registered,
  Subscribe,
  Subscribed,
  Yield,
} from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { clientRoles } from './connection/client-features.js';
import { CanceledError } from './exports.js';
import { joinScripted } from './testing.js';

const announced: [requirements: string, role: keyof typeof clientRoles, feature: string][] = [
  ['PPT-01', 'publisher', 'payload_passthru_mode'],
  ['PEX-01', 'publisher', 'publisher_exclusion'],
  ['PID-01', 'publisher', 'publisher_identification'],
  ['BWL-01', 'publisher', 'subscriber_blackwhite_listing'],
  ['PSUB-01', 'subscriber', 'pattern_based_subscription'],
  ['PPT-01', 'subscriber', 'payload_passthru_mode'],
  ['PTL-01', 'subscriber', 'publication_trustlevels'],
  ['PID-01', 'subscriber', 'publisher_identification'],
  ['SREV-01', 'subscriber', 'subscription_revocation'],
  ['CAN-01', 'caller', 'call_canceling'],
  ['TMO-02', 'caller', 'call_timeout'],
  ['CID-01', 'caller', 'caller_identification'],
  ['PPT-01', 'caller', 'payload_passthru_mode'],
  ['PCI-01', 'caller', 'progressive_call_invocations'],
  ['PCR-01', 'caller', 'progressive_call_results'],
  ['CAN-01', 'callee', 'call_canceling'],
  ['TMO-02', 'callee', 'call_timeout'],
  ['CTL-01', 'callee', 'call_trustlevels'],
  ['CID-01', 'callee', 'caller_identification'],
  ['PREG-01', 'callee', 'pattern_based_registration'],
  ['PPT-01', 'callee', 'payload_passthru_mode'],
  ['PCI-01', 'callee', 'progressive_call_invocations'],
  ['PCR-01', 'callee', 'progressive_call_results'],
  ['RREV-01', 'callee', 'registration_revocation'],
  ['SHR-01', 'callee', 'shared_registration'],
];

test.each(announced)('%s: the %s announces %s', (_, role, feature) => {
  expect(clientRoles[role]?.features).toHaveProperty(feature, true);
});

test('PID-02, CID-02: disclose_me is sent as it is asked for', async () => {
  const { client, router } = await joinScripted();
  await client.publish('com.x', {}, { disclose_me: true });
  expect((await router.expect(Publish)).options).toEqual({ disclose_me: true });
  client.call('com.x', {}, { disclose_me: true }).catch(() => {});
  expect((await router.expect(Call)).options).toEqual({ disclose_me: true });
});

test('PID-02, PTL-01: an event tells its publisher and the trust level as they came', async () => {
  const { client, router } = await joinScripted();
  const handler = vi.fn();
  const subscribing = client.subscribe('com.x', handler);
  router.send(new Subscribed((await router.expect(Subscribe)).request, 7));
  await subscribing;
  const details = { publisher: 5, publisher_authid: 'joe', publisher_authrole: 'user', trustlevel: 0 };
  router.send(new Event(7, 1, details));
  await vi.waitFor(() => expect(handler).toHaveBeenCalled());
  expect(handler.mock.calls[0]?.[0].details).toEqual(details);
});

test('CID-02, CTL-01: an invocation tells its caller and the trust level as they came', async () => {
  const { client, router } = await joinScripted();
  const registering = client.register('com.x', ({ details }) => details);
  router.send(new Registered((await router.expect(Register)).request, 6));
  await registering;
  const details = { caller: 5, caller_authid: 'joe', caller_authrole: 'user', trustlevel: 3 };
  router.send(new Invocation(1, 6, details));
  expect((await router.expect(Yield)).payload.args()).toEqual([details]);
});

test('CAN-02: a call that is canceled with skip sends it, and takes the ERROR that comes at once', async () => {
  const { client, router } = await joinScripted();
  const controller = new AbortController();
  const calling = client.call('com.x', {}, { signal: controller.signal, cancelMode: 'skip' });
  const { request } = await router.expect(Call);
  controller.abort();
  const cancel = await router.expect(Cancel);
  expect([cancel.request, cancel.options]).toEqual([request, { mode: 'skip' }]);
  await expect(calling).rejects.toBeInstanceOf(CanceledError);
  router.send(new ErrorMessage(48, request, {}, 'wamp.error.canceled'));
  expect(client.status).toBe('joined');
});
