import { type Check, type CheckContext, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok } from '../outcome.js';
import type { Session } from '../session.js';

const api = (name: string) => `wamp.registration.${name}`;

async function ask(session: Session, name: string, ...args: unknown[]): Promise<unknown> {
  return ((await session.result(session.call(api(name), args)))[3] as unknown[])[0];
}

async function setUp(t: CheckContext): Promise<{ asking: Session; callee: Session; id: number }> {
  const asking = await t.joinWith('dealer', 'registration_meta_api');
  const callee = await t.join();
  return { asking, callee, id: await callee.register(t.uri()) };
}

/* Events of the named topics about one registration, in the order of their coming. */
async function eventsOf(
  t: CheckContext,
  names: readonly string[],
  act: (callee: Session) => Promise<unknown>,
) {
  const watcher = await t.joinWith('dealer', 'registration_meta_api');
  const callee = await t.join();
  const topics = new Map<unknown, string>();
  for (const name of names) topics.set(await watcher.subscribe(api(name)), name);
  await act(callee);
  const told: [string | undefined, unknown][] = [];
  const isOfCallee = (message: readonly unknown[]) =>
    message[0] === Code.EVENT && (message[4] as unknown[])[0] === callee.id;
  while (told.length < names.length) {
    const message = await watcher.connection.takeAny(isOfCallee, 'EVENT');
    told.push([topics.get(message[1]), (message[4] as unknown[])[1]]);
  }
  return told;
}

/** The registration meta API: requirements RMETA. */
export const registrationMetaApi: readonly Check[] = [
  must('RMETA-02', 'on_create, then on_register', async (t) => {
    let id = 0;
    const told = await eventsOf(t, ['on_create', 'on_register'], async (callee) => {
      id = await callee.register(t.uri(), { match: 'prefix' });
    });
    equal(
      told.map(([name]) => name),
      ['on_create', 'on_register'],
      'events',
    );
    const details = told[0]?.[1];
    ok(isDict(details), `details are ${inText(details)}`);
    equal(
      [details.id, details.uri, details.match, details.invoke],
      [id, t.uri(), 'prefix', 'single'],
      'details',
    );
    ok(!Number.isNaN(Date.parse(String(details.created))), `created is ${inText(details.created)}`);
    equal(told[1]?.[1], id, 'registration of on_register');
  }),
  ...(['UNREGISTER', 'GOODBYE'] as const).map((way) =>
    must('RMETA-02', `on_unregister, then on_delete after ${way}`, async (t) => {
      let id = 0;
      const told = await eventsOf(t, ['on_unregister', 'on_delete'], async (callee) => {
        id = await callee.register(t.uri());
        if (way === 'GOODBYE') await callee.leave();
        else await callee.reply(Code.UNREGISTERED, callee.request(Code.UNREGISTER, id));
      });
      equal(
        told,
        [
          ['on_unregister', id],
          ['on_delete', id],
        ],
        'events',
      );
    }),
  ),
  must('RMETA-04', 'list has the keys exact, prefix and wildcard, and the id', async (t) => {
    const { asking, id } = await setUp(t);
    const list = await ask(asking, 'list');
    ok(isDict(list), `list is ${inText(list)}`);
    const { exact, prefix, wildcard } = list;
    ok([exact, prefix, wildcard].every(Array.isArray), `list is ${inText(list)}`);
    ok((exact as unknown[]).includes(id), 'the registration is not in exact');
  }),
  must('RMETA-04', 'lookup gives the id of that URI and policy, or null', async (t) => {
    const { asking, id } = await setUp(t);
    equal(await ask(asking, 'lookup', t.uri()), id, 'of an exact registration');
    equal(await ask(asking, 'lookup', t.uri(), { match: 'prefix' }), null, 'of another policy');
    equal(await ask(asking, 'lookup', t.uri('nothing')), null, 'of an unknown URI');
  }),
  must('RMETA-04', 'match gives the id of the best match, or null', async (t) => {
    const { asking, callee, id } = await setUp(t);
    const prefix = await callee.register(t.uri('p.'), { match: 'prefix' });
    equal(await ask(asking, 'match', t.uri()), id, 'of an exact registration');
    equal(await ask(asking, 'match', t.uri('p.x')), prefix, 'of a prefix');
    equal(await ask(asking, 'match', t.uri('nothing')), null, 'of an unknown URI');
  }),
  must('RMETA-04', 'get, list_callees and count_callees tell of a registration', async (t) => {
    const { asking, callee, id } = await setUp(t);
    const details = await ask(asking, 'get', id);
    ok(isDict(details) && details.id === id && details.uri === t.uri(), `get gives ${inText(details)}`);
    equal(await ask(asking, 'list_callees', id), [callee.id], 'list_callees');
    equal(await ask(asking, 'count_callees', id), 1, 'count_callees');
  }),
  ...['single', 'first', 'last', 'roundrobin', 'random'].map((invoke) =>
    must('RMETA-03', `details of a registration by ${invoke}: id, created, uri, match, invoke`, async (t) => {
      const asking = await t.joinWith('dealer', 'registration_meta_api');
      const id = await (await t.join()).register(t.uri('p.'), { match: 'prefix', invoke });
      const details = await ask(asking, 'get', id);
      ok(isDict(details), `get gives ${inText(details)}`);
      const { created, ...others } = details;
      equal(others, { id, uri: t.uri('p.'), match: 'prefix', invoke }, 'details');
      ok(/^\d{4}-\d\d-\d\dT/.test(String(created)), `created is ${inText(created)}`);
    }),
  ),
  ...['get', 'list_callees', 'count_callees'].map((name) =>
    must('RMETA-04', `${name} of an unknown registration gives no_such_registration`, async (t) => {
      const asking = await t.joinWith('dealer', 'registration_meta_api');
      const call = asking.call(api(name), [1]);
      await asking.error(Code.CALL, call, 'wamp.error.no_such_registration');
    }),
  ),
];
