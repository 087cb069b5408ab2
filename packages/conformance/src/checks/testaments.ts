import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';
import type { Session } from '../session.js';

async function setUp(t: CheckContext) {
  const testator = await t.joinWith('dealer', 'testament_meta_api');
  const heir = await t.join();
  await heir.subscribe(t.uri());
  const add = (value: unknown, kwargs: Record<string, unknown> = {}) =>
    testator.result(testator.call('wamp.session.add_testament', [t.uri(), [value], {}], kwargs));
  return { testator, heir, add };
}

async function firesAfter(t: CheckContext, end: (testator: Session) => unknown): Promise<void> {
  const { testator, heir, add } = await setUp(t);
  await add('destroyed');
  await add('detached', { scope: 'detached' });
  await heir.nothingElse('before the end of the session');
  await end(testator);
  equal((await heir.event()).message[4], ['detached'], 'first testament'); // TEST-03
  equal((await heir.event()).message[4], ['destroyed'], 'second testament');
  await heir.nothingElse('after both testaments');
}

/** Testaments: requirements TEST. */
export const testaments: readonly Check[] = [
  must('TEST-04', 'testaments are published after GOODBYE', (t) =>
    firesAfter(t, (testator) => testator.leave()),
  ),
  must('TEST-04', 'testaments are published after ABORT', (t) =>
    firesAfter(t, (testator) => testator.send([Code.ABORT, {}, 'wamp.close.system_shutdown'])),
  ),
  must('TEST-04', 'testaments are published when the transport goes', (t) =>
    firesAfter(t, (testator) => testator.connection.destroy()),
  ),
  must(
    'TEST-03',
    'several of one scope are published in the order of their leaving, detached before destroyed',
    async (t) => {
      const { testator, heir, add } = await setUp(t);
      for (const value of [1, 2]) await add(value);
      for (const value of [3, 4]) await add(value, { scope: 'detached' });
      await testator.leave();
      const told = [];
      for (let count = 0; count < 4; count++) told.push((await heir.event()).message[4]);
      equal(told, [[3], [4], [1], [2]], 'testaments');
    },
  ),
  must('TEST-02', 'flush_testaments forgets those of one scope', async (t) => {
    const { testator, heir, add } = await setUp(t);
    await add('gone');
    await add('kept', { scope: 'detached' });
    await testator.result(testator.call('wamp.session.flush_testaments'));
    testator.connection.destroy();
    equal((await heir.event()).message[4], ['kept'], 'testament');
    await heir.nothingElse('after the testament');
  }),
  must('TEST-02', 'an unknown scope gives invalid_argument', async (t) => {
    const { testator } = await setUp(t);
    const call = testator.call('wamp.session.add_testament', [t.uri(), [], {}], { scope: 'other' });
    await testator.error(Code.CALL, call, 'wamp.error.invalid_argument');
  }),
];
