import { type Check, checks, runCheck, whyNot } from '@wampkit/conformance';
import { anonymousAuthenticator, type RoleOptions, Router } from '@wampkit/router';
import { createListener, type Listener } from '@wampkit/transport';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { askingRole } from './asking-role.js';
import { authenticatedRealm, credentials } from './authenticated-realm.js';

/* `realm1` is as a router without any config has it. In `strict` request ids must be in sequence; `historic` keeps
   histories; in `trusted` the role has a trust level; in `discreet` everything is allowed but disclosure; in
   `asked` a procedure decides; `authenticated` has every method; in `closed` nothing is allowed. */
const everything: RoleOptions = {
  name: 'anonymous',
  permissions: [{ uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] }],
};
const router = new Router({
  realms: [
    { name: 'realm1' },
    { name: 'strict', requestIds: 'strict' },
    { name: 'historic', history: [{ topic: 'org.wampkit.conformance.', match: 'prefix', limit: 1000 }] },
    {
      name: 'trusted',
      authenticators: [anonymousAuthenticator({ role: 'anonymous' })],
      roles: [{ ...everything, trustlevel: 2 }],
    },
    {
      name: 'discreet',
      authenticators: [anonymousAuthenticator({ role: 'anonymous' })],
      roles: [everything],
    },
    authenticatedRealm,
    {
      name: 'asked',
      authenticators: [anonymousAuthenticator({ role: 'anonymous' })],
      roles: [askingRole],
    },
    {
      name: 'closed',
      authenticators: [anonymousAuthenticator({ role: 'anonymous' })],
      roles: [{ name: 'anonymous', permissions: [] }],
    },
  ],
});

function realmFor({ id, title }: Check): string {
  if (/^(AUTH|TICK|CRA|SCRAM|CS)-/.test(id)) return 'authenticated';
  if (id === 'BP-ID-07') return 'strict';
  if (id.startsWith('HIST-')) return 'historic';
  if (id === 'CTL-01' || id === 'PTL-01') return 'trusted';
  if (title.startsWith('where an authorizer decides')) return 'asked';
  if (title.startsWith('where nothing is allowed')) return 'closed';
  return title.startsWith('where disclosure is not allowed') ? 'discreet' : 'realm1';
}

let listener: Listener;

beforeAll(async () => {
  listener = createListener({
    bind: '127.0.0.1:0',
    // Less than a frame can hold, so that going beyond it can be checked (RS-05).
    maxMessageSize: 2 ** 20,
    serializers: Object.values(serializers),
    longpoll: { path: '/lp' },
    onPeer: (peer) => router.attach(peer),
  });
  await listener.listen();
});

afterAll(async () => {
  await router.close();
  await listener.close();
});

const transports = [
  { kind: 'websocket', url: (address: string) => `ws://${address}/ws` },
  { kind: 'longpoll', url: (address: string) => `http://${address}/lp` },
  { kind: 'rawsocket', url: (address: string) => `tcp://${address}` },
] as const;

const runs = transports.flatMap((transport) =>
  (['json', 'msgpack', 'cbor'] as const).map((serializer) => ({ ...transport, serializer })),
);

/* Over long-poll every check is run in JSON only: what differs between serializers is not the transport's. */
function applies(
  check: Check,
  kind: (typeof transports)[number]['kind'],
  serializer: keyof typeof serializers,
) {
  if (kind === 'longpoll' && serializer !== 'json' && check.scope?.transport !== kind) return false;
  return whyNot(check, kind, serializer) === null;
}

/* One test a check that applies. Nothing may be skipped: our router announces all that the checks ask about. */
describe.each(runs)('$kind in $serializer', ({ kind, serializer, url }) => {
  for (const check of checks.filter((one) => applies(one, kind, serializer))) {
    test(`${check.id}: ${check.title}`, async () => {
      const options = {
        url: url(listener.address),
        realm: realmFor(check),
        serializer,
        timeout: 5000,
        credentials,
      };
      const result = await runCheck(check, options);
      expect([result.outcome, result.message]).toEqual(['passed', undefined]);
    }, 30_000);
  }
});
