import { connect } from '@wampkit/client';
import { ScriptedListener } from '@wampkit/client/testing';
import {
  Call,
  type Dict,
  type Message,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Yield,
} from '@wampkit/protocol';
import { anonymousAuthenticator, type RealmOptions, Router } from '@wampkit/router';
import { allRoles, ScriptedPeer } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import { knownFeatures } from './known-features.js';
import { testedRequirements } from './test-names.js';

type Roles = Readonly<Record<string, { readonly features: Readonly<Record<string, boolean>> }>>;

const everything: Partial<RealmOptions> = {
  authenticators: [anonymousAuthenticator({ role: 'anonymous' })],
  history: [{ topic: 'com.kept.', match: 'prefix', limit: 10 }],
  roles: [
    {
      name: 'anonymous',
      permissions: [
        {
          uri: '',
          match: 'prefix',
          allow: ['call', 'register', 'publish', 'subscribe'],
          disclose: ['caller', 'publisher'],
        },
      ],
      trustlevel: 1,
    },
  ],
};

function joinRealm(realm: Partial<RealmOptions> = {}): { join: (details?: Dict) => Promise<ScriptedPeer> } {
  const router = new Router({ realms: [{ name: 'realm1', ...realm }] });
  const attach = (peer: Peer): void => router.attach(peer);
  return { join: (details) => ScriptedPeer.join(attach, 'realm1', details) };
}

async function routerRoles(realm: Partial<RealmOptions>): Promise<Roles> {
  return (await joinRealm(realm).join()).details.roles as Roles;
}

async function clientRoles(): Promise<Roles> {
  const listener = new ScriptedListener();
  const { connectPeer } = listener;
  const connecting = connect('memory', { realm: 'realm1', connectPeer, serializers: [], reconnect: false });
  const router = await listener.accept();
  const { details } = await router.welcome();
  router.close();
  await (await connecting).closed;
  return details.roles as Roles;
}

const featuresOf = (roles: Roles) =>
  Object.entries(roles).flatMap(([role, { features }]) =>
    Object.entries(features).map(([feature, value]) => ({ role, feature, value })),
  );

describe('CONF-01: what is announced is done', () => {
  test('each feature that the router announces has tests of its requirements in the router', async () => {
    const tested = testedRequirements('packages/router/src');
    for (const { role, feature, value } of featuresOf(await routerRoles(everything))) {
      expect([feature, value]).toEqual([feature, true]);
      expect(knownFeatures[role], role).toHaveProperty(feature);
      for (const id of knownFeatures[role]?.[feature] ?? [])
        expect(tested.has(id), `${role}.${feature}: a test of ${id}`).toBe(true);
    }
  });

  test('each feature that the client announces in HELLO has tests of its requirements in the client', async () => {
    const tested = testedRequirements('packages/client/src');
    for (const { role, feature, value } of featuresOf(await clientRoles())) {
      expect([feature, value]).toEqual([feature, true]);
      expect(knownFeatures[role], role).toHaveProperty(feature);
      for (const id of knownFeatures[role]?.[feature] ?? [])
        expect(tested.has(id), `${role}.${feature}: a test of ${id}`).toBe(true);
    }
  });

  test('BP-MSG-04: names of roles and features are predefined keys', async () => {
    const names = [await routerRoles(everything), await clientRoles()].flatMap((roles) => [
      ...Object.keys(roles),
      ...featuresOf(roles).map(({ feature }) => feature),
    ]);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{2,}$/);
  });
});

/** A realm, and how it answers with an option of a feature, or without it. */
interface Probe {
  readonly realm: Partial<RealmOptions>;
  readonly answers: (option: boolean) => Promise<unknown>;
}

/* Ids differ from one time to the next. */
const withoutIds = (messages: readonly unknown[]) =>
  JSON.parse(
    JSON.stringify(messages, (_, value) => (typeof value === 'number' && value > 1e6 ? 'id' : value)),
  );

async function played(realm: Partial<RealmOptions>, ...messages: readonly Message[]): Promise<unknown> {
  const { join } = joinRealm(realm);
  const [peer, other] = [await join(), await join()];
  await peer.exchange(new Register(1, {}, 'com.own'), new Subscribe(2, {}, 'com.own'));
  await other.exchange(...messages);
  const invocations = peer.take().filter(([code]) => code === 68);
  await peer.exchange(...invocations.map(([, request]) => new Yield(request as number, {})));
  return withoutIds([...peer.received.slice(1), ...other.received.slice(1)]); // without WELCOME
}

const withOption = (options: Dict) => (option: boolean) => (option ? options : {});
const sharding = withOption({ runmode: 'partition', rkey: 'a' });
const shardedTopic = withOption({ rkey: 'a' });
const shardedSubscription = withOption({ nkey: 'a' });
const call = (procedure: string, args: unknown[] = []) => new Call(3, {}, procedure, Payload.of(args));
const without: Partial<RealmOptions> = { metaApi: false };

/* What a realm does not announce, and what shows that it has no effect: as if it were not asked for. */
const unannounced: Readonly<Record<string, Probe>> = {
  'dealer.sharded_registration': {
    realm: everything,
    answers: (option) => played(everything, new Call(3, sharding(option), 'com.own')),
  },
  'broker.shareded_subscriptions': {
    realm: everything,
    answers: (option) =>
      played(
        everything,
        new Subscribe(3, shardedSubscription(option), 'com.own'),
        new Publish(4, { ...shardedTopic(option), exclude_me: false, acknowledge: true }, 'com.own'),
      ),
  },
  'broker.publication_trustlevels': {
    realm: {},
    answers: (option) => played({}, new Publish(3, withOption({ trustlevel: 5 })(option), 'com.own')),
  },
  'dealer.call_trustlevels': {
    realm: {},
    answers: (option) => played({}, new Call(3, withOption({ trustlevel: 5 })(option), 'com.own')),
  },
};

/* What a realm without the meta API, or without histories, does not announce: its procedures are not there. */
const absent: readonly [feature: string, realm: Partial<RealmOptions>, procedure: string][] = [
  ['broker.event_history', {}, 'wamp.subscription.get_events'],
  ['broker.event_history', { ...everything, ...without }, 'wamp.subscription.get_events'],
  ['broker.session_meta_api', without, 'wamp.session.count'],
  ['dealer.session_meta_api', without, 'wamp.session.list'],
  ['broker.subscription_meta_api', without, 'wamp.subscription.list'],
  ['broker.subscription_revocation', without, 'wamp.subscription.remove_subscriber'],
  ['dealer.registration_meta_api', without, 'wamp.registration.list'],
  ['dealer.testament_meta_api', without, 'wamp.session.add_testament'],
];

describe('CONF-01: what is not announced has no effect', () => {
  test('every feature of the specification is announced, or is probed below', async () => {
    const roles = await routerRoles(everything);
    for (const role of ['broker', 'dealer'])
      for (const feature of Object.keys(knownFeatures[role] ?? {}))
        expect(
          roles[role]?.features[feature] === true || `${role}.${feature}` in unannounced,
          `${role}.${feature}`,
        ).toBe(true);
  });

  test.each(Object.entries(unannounced))(
    'SHD-01, SSUB-01, CTL-01, PTL-01: %s',
    async (name, { realm, answers }) => {
      const [role, feature] = name.split('.') as [string, string];
      expect((await routerRoles(realm))[role]?.features).not.toHaveProperty(feature);
      const answered = await answers(true);
      expect(answered).toEqual(await answers(false));
      expect(answered).not.toEqual([]);
    },
  );

  test.each(absent)('%s', async (name, realm, procedure) => {
    const [role, feature] = name.split('.') as [string, string];
    expect((await routerRoles(realm))[role]?.features).not.toHaveProperty(feature);
    const peer = await joinRealm(realm).join();
    expect((await peer.exchange(call(procedure)))[0]?.[4]).toBe('wamp.error.no_such_procedure');
  });

  test('SHD-01, SSUB-01: the client announces no sharding; a feature that it does not announce is not used on it', async () => {
    const roles = await clientRoles();
    const text = JSON.stringify(roles);
    expect(text).not.toMatch(/shard/);
    for (const { role, feature } of featuresOf(roles))
      expect(Object.keys(knownFeatures[role] ?? {})).toContain(feature);
    const silent = { ...allRoles, callee: { features: {} }, subscriber: { features: {} } };
    const { join } = joinRealm(everything);
    const [callee, caller] = [await join({ roles: silent }), await join()];
    await callee.exchange(new Register(1, {}, 'com.own'), new Subscribe(2, {}, 'com.own'));
    caller.send(new Call(1, { receive_progress: true, timeout: 60_000 }, 'com.own'));
    const [invocation] = await callee.exchange();
    expect(invocation?.[3]).toEqual({ trustlevel: 1 }); // CTL-01: it may ignore it
    await caller.drop();
    expect(callee.take()).toEqual([]); // BP-RPC-05: no INTERRUPT
  });
});
