import { type Check, type CheckContext, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok } from '../outcome.js';
import type { Session } from '../session.js';

const names = ['on_create', 'on_subscribe', 'on_unsubscribe', 'on_delete'];

/* The next events about a subscription by name, without those about others. */
async function watchAll(t: CheckContext): Promise<(session: number) => Promise<readonly unknown[]>> {
  const watcher = await t.joinWith('broker', 'subscription_meta_api');
  const byId = new Map<unknown, string>();
  for (const name of names) byId.set(await watcher.subscribe(`wamp.subscription.${name}`), name);
  return async (session) => {
    const event = await watcher.connection.takeAny(
      ([code, , , , args]) => code === Code.EVENT && Array.isArray(args) && args[0] === session,
      'a meta event',
    );
    const args = event[4] as readonly unknown[];
    return [byId.get(event[1]), isDict(args[1]) ? args[1].id : args[1]];
  };
}

async function value(session: Session, procedure: string, ...args: readonly unknown[]): Promise<unknown> {
  const result = await session.result(session.call(`wamp.subscription.${procedure}`, args));
  ok(Array.isArray(result[3]), `RESULT without Arguments: ${inText(result)}`);
  return result[3][0];
}

const unknown = 2 ** 53 - 7;

/** The subscription meta API and revocation: requirements UMETA and SREV. */
export const subscriptionMetaApi: readonly Check[] = [
  must('UMETA-02', 'on_create comes before on_subscribe, on_unsubscribe before on_delete', async (t) => {
    const next = await watchAll(t);
    const subscriber = await t.join();
    const id = await subscriber.subscribe(t.uri());
    equal(await next(subscriber.id), ['on_create', id], 'first');
    equal(await next(subscriber.id), ['on_subscribe', id], 'second');
    await subscriber.reply(Code.UNSUBSCRIBED, subscriber.request(Code.UNSUBSCRIBE, id));
    equal(await next(subscriber.id), ['on_unsubscribe', id], 'third');
    equal(await next(subscriber.id), ['on_delete', id], 'fourth');
  }),
  must('UMETA-02', 'on_unsubscribe and on_delete come when the transport goes', async (t) => {
    const next = await watchAll(t);
    const subscriber = await t.join();
    const id = await subscriber.subscribe(t.uri());
    for (const _ of ['on_create', 'on_subscribe']) await next(subscriber.id);
    subscriber.connection.destroy();
    equal(await next(subscriber.id), ['on_unsubscribe', id], 'first');
    equal(await next(subscriber.id), ['on_delete', id], 'second');
  }),
  must('UMETA-03', 'lookup, match and get find a subscription', async (t) => {
    const session = await t.joinWith('broker', 'subscription_meta_api');
    const exact = await session.subscribe(`${t.uri()}.b`);
    const prefix = await session.subscribe(t.uri(), { match: 'prefix' });
    equal(await value(session, 'lookup', `${t.uri()}.b`), exact, 'lookup');
    equal(await value(session, 'lookup', t.uri(), { match: 'prefix' }), prefix, 'lookup of a prefix');
    equal(await value(session, 'lookup', t.uri()), null, 'lookup of what is not there');
    const matches = await value(session, 'match', `${t.uri()}.b`);
    ok(
      Array.isArray(matches) && [exact, prefix].every((id) => matches.includes(id)),
      `match is ${inText(matches)}`,
    );
    const told = await value(session, 'get', prefix);
    ok(isDict(told), `get gave ${inText(told)}`);
    equal([told.id, told.uri, told.match], [prefix, t.uri(), 'prefix'], 'get');
    ok(!Number.isNaN(Date.parse(String(told.created))), `created is ${inText(told.created)}`);
  }),
  must('UMETA-03', 'list has all three policies', async (t) => {
    const session = await t.joinWith('broker', 'subscription_meta_api');
    const id = await session.subscribe(t.uri(), { match: 'wildcard' });
    const told = await value(session, 'list');
    ok(isDict(told), `list gave ${inText(told)}`);
    for (const key of ['exact', 'prefix', 'wildcard'])
      ok(Array.isArray(told[key]), `${key} is ${inText(told[key])}`);
    ok((told.wildcard as unknown[]).includes(id), 'the subscription is not in the list');
  }),
  must('UMETA-03', 'list_subscribers and count_subscribers tell who subscribes', async (t) => {
    const session = await t.joinWith('broker', 'subscription_meta_api');
    const other = await t.join();
    const id = await session.subscribe(t.uri());
    await other.subscribe(t.uri());
    const told = await value(session, 'list_subscribers', id);
    equal(new Set(told as unknown[]), new Set([session.id, other.id]), 'list_subscribers');
    equal(await value(session, 'count_subscribers', id), 2, 'count_subscribers');
  }),
  ...['get', 'list_subscribers', 'count_subscribers'].map((name) =>
    must('UMETA-03', `${name} of an unknown subscription gives no_such_subscription`, async (t) => {
      const session = await t.joinWith('broker', 'subscription_meta_api');
      const call = session.call(`wamp.subscription.${name}`, [unknown]);
      await session.error(Code.CALL, call, 'wamp.error.no_such_subscription');
    }),
  ),
  must('SREV-01', 'a subscriber that announced revocation is told of it', async (t) => {
    const session = await t.joinWith('broker', 'subscription_revocation');
    const roles = { subscriber: { features: { subscription_revocation: true } } };
    const subscriber = await t.join({ details: { roles } });
    const id = await subscriber.subscribe(t.uri());
    await session.result(session.call('wamp.subscription.remove_subscriber', [id, subscriber.id]));
    const [, request, details] = await subscriber.connection.next(Code.UNSUBSCRIBED);
    equal([request, (details as Record<string, unknown>).subscription], [0, id], 'UNSUBSCRIBED');
  }),
  must('SREV-01', 'a subscriber that did not announce revocation is told nothing', async (t) => {
    const session = await t.joinWith('broker', 'subscription_revocation');
    const subscriber = await t.join();
    const id = await subscriber.subscribe(t.uri());
    await session.result(session.call('wamp.subscription.remove_subscriber', [id, subscriber.id]));
    await session.publishAcknowledged(t.uri());
    await subscriber.nothingElse('after its subscription was revoked');
  }),
];
