import { type Check, type CheckContext, may, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';
import type { Session } from '../session.js';

const REMOVE = 'wamp.registration.remove_callee';

async function setUp(t: CheckContext, features: object) {
  const admin = await t.joinWith('dealer', 'registration_revocation');
  const callee = await t.join({ details: { roles: { callee: { features }, publisher: {} } } });
  const id = await callee.register(t.uri());
  const remove = (kwargs: object = {}) => admin.result(admin.call(REMOVE, [id, callee.id], kwargs));
  return { admin, callee, id, remove };
}

async function isGone(t: CheckContext, caller: Session): Promise<void> {
  await caller.error(Code.CALL, caller.call(t.uri()), 'wamp.error.no_such_procedure');
}

/** Registration revocation: requirements RREV. */
export const registrationRevocation: readonly Check[] = [
  must('RREV-02', 'a callee that takes it is told by UNREGISTERED 0, with the reason', async (t) => {
    const { admin, callee, id, remove } = await setUp(t, { registration_revocation: true });
    await remove({ reason: 'com.example.outdated' });
    const message = await callee.connection.next(Code.UNREGISTERED);
    const details = { registration: id, reason: 'com.example.outdated' };
    equal(message, [Code.UNREGISTERED, 0, details], 'UNREGISTERED');
    await isGone(t, admin);
  }),
  must('RREV-02', 'without a reason none is told', async (t) => {
    const { callee, id, remove } = await setUp(t, { registration_revocation: true });
    await remove();
    equal(
      await callee.connection.next(Code.UNREGISTERED),
      [Code.UNREGISTERED, 0, { registration: id }],
      'UNREGISTERED',
    );
  }),
  must('RREV-02', 'a callee that did not announce it gets nothing, and is none any more', async (t) => {
    const { admin, callee, id, remove } = await setUp(t, {});
    await remove();
    await callee.nothingElse('after the revocation');
    await isGone(t, admin);
    const request = callee.request(Code.UNREGISTER, id);
    await callee.error(Code.UNREGISTER, request, 'wamp.error.no_such_registration');
  }),
  must('RREV-03', 'on_unregister and on_delete tell of it', async (t) => {
    const { callee, id, remove } = await setUp(t, {});
    const watcher = await t.join();
    for (const name of ['on_unregister', 'on_delete']) await watcher.subscribe(`wamp.registration.${name}`);
    await remove();
    const isOfCallee = (message: readonly unknown[]) =>
      message[0] === Code.EVENT && (message[4] as unknown[])[0] === callee.id;
    for (let count = 0; count < 2; count++)
      equal(
        (await watcher.connection.takeAny(isOfCallee, 'EVENT'))[4],
        [callee.id, id],
        'Arguments of EVENT',
      );
  }),
  must('RREV-02', 'an open call of the callee goes on', async (t) => {
    const { admin, callee, remove } = await setUp(t, {});
    const call = admin.call(t.uri());
    const { request } = await callee.invocation();
    await remove();
    callee.yield(request, ['late']);
    equal((await admin.result(call))[3], ['late'], 'Arguments of RESULT');
  }),
  may('RREV-02', 'force_reregister takes the procedure from who holds it', async (t) => {
    const { callee, id } = await setUp(t, { registration_revocation: true });
    const next = await t.join();
    await next.register(t.uri(), { force_reregister: true });
    const message = await callee.connection.next(Code.UNREGISTERED);
    equal([message[1], (message[2] as { registration: unknown }).registration], [0, id], 'UNREGISTERED');
    const caller = await t.join();
    const call = caller.call(t.uri());
    next.yield((await next.invocation()).request, ['new']);
    equal((await caller.result(call))[3], ['new'], 'Arguments of RESULT');
  }),
];
