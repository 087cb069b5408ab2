import { type Check, type CheckContext, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok } from '../outcome.js';
import type { Session } from '../session.js';

/* A session that watches a meta event, which may tell of others too. */
async function watch(t: CheckContext, topic: string): Promise<Session> {
  const watcher = await t.joinWith('broker', 'session_meta_api');
  await watcher.subscribe(topic);
  return watcher;
}

async function value(session: Session, procedure: string, ...args: readonly unknown[]): Promise<unknown> {
  const result = await session.result(session.call(procedure, args));
  ok(Array.isArray(result[3]), `RESULT without Arguments: ${inText(result)}`);
  return result[3][0];
}

async function refusal(t: CheckContext, uri: string, procedure: string, ...payload: readonly unknown[]) {
  const session = await t.joinWith('dealer', 'session_meta_api');
  await session.error(Code.CALL, session.call(procedure, ...payload), uri);
}

async function onLeave(t: CheckContext, end: (leaver: Session) => unknown): Promise<void> {
  const watcher = await watch(t, 'wamp.session.on_leave');
  const leaver = await t.join();
  await end(leaver);
  const event = await watcher.connection.takeAny(
    ([code, , , , args]) => code === Code.EVENT && Array.isArray(args) && args[0] === leaver.id,
    'wamp.session.on_leave',
  );
  equal(event[4], [leaver.id, leaver.details.authid, leaver.details.authrole], 'Arguments of on_leave');
}

const reasons = ['not a uri', 'a..b', ''];

/** The session meta API: requirements SMETA. Nothing here ends a session of anybody else. */
export const sessionMetaApi: readonly Check[] = [
  must('SMETA-01', 'broker and dealer announce session_meta_api, or neither', async (t) => {
    const session = await t.join();
    const announced = [
      session.announces('broker', 'session_meta_api'),
      session.announces('dealer', 'session_meta_api'),
    ];
    equal(announced[0], announced[1], 'session_meta_api of broker and dealer');
  }),
  must('SMETA-02', 'on_join tells one dict', async (t) => {
    const watcher = await watch(t, 'wamp.session.on_join');
    const { id, details } = await t.join();
    const event = await watcher.connection.takeAny(
      ([code, , , , args]) =>
        code === Code.EVENT && Array.isArray(args) && isDict(args[0]) && args[0].session === id,
      'wamp.session.on_join',
    );
    const args = event[4] as readonly Record<string, unknown>[];
    equal(args.length, 1, 'number of arguments');
    for (const key of ['authid', 'authrole', 'authmethod', 'authprovider'])
      equal(args[0]?.[key], details[key], `${key} of on_join`);
  }),
  must('SMETA-03', 'on_leave tells session, authid and authrole after GOODBYE', (t) =>
    onLeave(t, (leaver) => leaver.leave()),
  ),
  must('SMETA-03', 'on_leave tells session, authid and authrole when the transport goes', (t) =>
    onLeave(t, (leaver) => leaver.connection.destroy()),
  ),
  must('SMETA-04', 'count and list tell of sessions, and by role', async (t) => {
    const session = await t.joinWith('dealer', 'session_meta_api');
    const other = await t.join();
    const list = await value(session, 'wamp.session.list');
    ok(
      Array.isArray(list) && [session.id, other.id].every((id) => list.includes(id)),
      `list is ${inText(list)}`,
    );
    ok(Number(await value(session, 'wamp.session.count')) >= 2, 'count is below 2');
    equal(await value(session, 'wamp.session.count', [t.uri()]), 0, 'count of a role that nobody has');
    equal(await value(session, 'wamp.session.list', [t.uri()]), [], 'list of a role that nobody has');
  }),
  must('SMETA-05', 'get tells the details of a session', async (t) => {
    const session = await t.joinWith('dealer', 'session_meta_api');
    const { id, details } = await t.join();
    const told = await value(session, 'wamp.session.get', id);
    ok(isDict(told), `get gave ${inText(told)}`);
    equal([told.session, told.authid, told.authrole], [id, details.authid, details.authrole], 'details');
  }),
  must('SMETA-05', 'get of an unknown session gives no_such_session', (t) =>
    refusal(t, 'wamp.error.no_such_session', 'wamp.session.get', [2 ** 53 - 7]),
  ),
  must('SMETA-06', 'kill ends a session with GOODBYE wamp.close.killed, without a message', async (t) => {
    const killer = await t.joinWith('dealer', 'session_meta_api');
    const victim = await t.join();
    await killer.result(killer.call('wamp.session.kill', [victim.id]));
    const [, details, reason] = await victim.connection.next(Code.GOODBYE);
    equal(reason, 'wamp.close.killed', 'Reason of GOODBYE');
    ok(isDict(details) && !('message' in details), `Details of GOODBYE are ${inText(details)}`);
  }),
  must('SMETA-06', "kill's reason and message are in the GOODBYE", async (t) => {
    const killer = await t.joinWith('dealer', 'session_meta_api');
    const victim = await t.join();
    await killer.result(
      killer.call('wamp.session.kill', [victim.id], { reason: t.uri(), message: 'enough' }),
    );
    const [, details, reason] = await victim.connection.next(Code.GOODBYE);
    equal(reason, t.uri(), 'Reason of GOODBYE');
    equal((details as Record<string, unknown>).message, 'enough', 'message of GOODBYE');
  }),
  must('SMETA-06', 'kill of the own session gives no_such_session', async (t) => {
    const session = await t.joinWith('dealer', 'session_meta_api');
    await session.error(
      Code.CALL,
      session.call('wamp.session.kill', [session.id]),
      'wamp.error.no_such_session',
    );
    await session.nothingElse('after kill of itself');
  }),
  must('SMETA-06', 'kill of an unknown session gives no_such_session', (t) =>
    refusal(t, 'wamp.error.no_such_session', 'wamp.session.kill', [2 ** 53 - 7]),
  ),
  ...reasons.map((reason) =>
    must('SMETA-06', `kill for the reason ${JSON.stringify(reason)} gives invalid_uri`, async (t) => {
      const victim = await t.join();
      await refusal(t, 'wamp.error.invalid_uri', 'wamp.session.kill', [victim.id], { reason });
      await victim.nothingElse('for a kill that was refused');
    }),
  ),
  must('SMETA-07', 'kill_by_authid gives a list of ids, kill_by_authrole a count', async (t) => {
    const session = await t.joinWith('dealer', 'session_meta_api');
    equal(await value(session, 'wamp.session.kill_by_authid', t.uri()), [], 'of an authid that nobody has');
    equal(await value(session, 'wamp.session.kill_by_authrole', t.uri()), 0, 'of a role that nobody has');
  }),
  ...[[], ['1'], [{}]].map((args) =>
    must('UMETA-04', `wamp.session.get${JSON.stringify(args)} gives invalid_argument`, (t) =>
      refusal(t, 'wamp.error.invalid_argument', 'wamp.session.get', args),
    ),
  ),
];
