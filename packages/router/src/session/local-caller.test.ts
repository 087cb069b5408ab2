import {
  ErrorMessage,
  ErrorUri,
  type Invocation,
  MessageCode,
  Payload,
  RandomIds,
  Register,
  Yield,
} from '@wampkit/protocol';
import { FakeClock } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Realm } from '../realm/realm.js';
import { routerHooks } from '../router-events.js';
import { LocalCaller } from './local-caller.js';
import { openLocalSession } from './local-session.js';

/** A realm with a procedure `a.b`, which `serve` answers; and what the callee is told. */
const setUp = (serve: (invocation: Invocation) => Yield | ErrorMessage | null) => {
  const realm = new Realm(
    { name: 'realm1', requestIds: 'strict' },
    { ids: new RandomIds(), hooks: routerHooks(), clock: new FakeClock(), findRealm: () => undefined },
  );
  const codes: number[] = [];
  const callee = openLocalSession(realm, {
    authid: 'callee',
    roles: { callee: { features: { call_canceling: true } } },
    receive: (message) => {
      codes.push(message.code);
      const answer = message.code === MessageCode.Invocation ? serve(message) : null;
      if (answer !== null) callee.send(answer);
    },
  });
  callee.send(new Register(1, {}, 'a.b'));
  return { realm, caller: new LocalCaller(realm, 'router'), codes };
};

test('BP-RPC-05: a call of the router itself gets RESULT, also one that comes at once', async () => {
  const { caller } = setUp(({ request, payload }) => new Yield(request, {}, payload));
  const results = await Promise.all([1, 2].map((n) => caller.call('a.b', Payload.of([n], { n }))));
  expect(results.map((result) => [result.args(), result.kwargs()])).toEqual([
    [[1], { n: 1 }],
    [[2], { n: 2 }],
  ]);
});

test('BP-RPC-06: ERROR and a procedure that nobody serves reject', async () => {
  const { caller } = setUp(
    ({ request }) => new ErrorMessage(MessageCode.Invocation, request, {}, 'a.error', Payload.of(['why'])),
  );
  await expect(caller.call('a.b', Payload.empty)).rejects.toMatchObject({
    uri: 'a.error',
    args: ['why'],
    message: 'a.error: why',
  });
  await expect(caller.call('a.c', Payload.empty)).rejects.toMatchObject({ uri: ErrorUri.NoSuchProcedure });
});

test('CAN-04: a call that is given up rejects, and its callee is interrupted', async () => {
  const { caller, codes } = setUp(() => null);
  const controller = new AbortController();
  const call = caller.call('a.b', Payload.empty, { signal: controller.signal });
  controller.abort('late');
  await expect(call).rejects.toMatchObject({ uri: ErrorUri.Canceled, cause: 'late' });
  expect(codes).toEqual([MessageCode.Registered, MessageCode.Invocation, MessageCode.Interrupt]);
  await expect(caller.call('a.b', Payload.empty, { signal: controller.signal })).rejects.toMatchObject({
    uri: ErrorUri.Canceled,
  });
});

test('BP-RPC-05: a caller that is closed rejects what is open, and what comes later', async () => {
  const { caller, codes } = setUp(() => null);
  const open = caller.call('a.b', Payload.empty);
  caller.close();
  await expect(open).rejects.toMatchObject({ uri: ErrorUri.Canceled });
  await expect(caller.call('a.b', Payload.empty)).rejects.toMatchObject({ uri: ErrorUri.Canceled });
  expect(codes.at(-1)).toBe(MessageCode.Interrupt);
});
