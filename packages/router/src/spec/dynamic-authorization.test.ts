import {
  Call,
  type Dict,
  ErrorMessage,
  Goodbye,
  MessageCode,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Unregister,
  Yield,
} from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, turn, type WireMessage } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import {
  type Authorizer,
  anonymousAuthenticator,
  type Denied,
  type Permission,
  type RealmOptions,
  type RoleOptions,
  Router,
} from '../index.js';

const all = ['call', 'register', 'publish', 'subscribe'] as const;
const everything: Permission = { uri: '', match: 'prefix', allow: all, disclose: ['caller', 'publisher'] };

interface World {
  readonly permissions?: readonly Permission[];
  readonly role?: Partial<RoleOptions>;
  readonly realm?: Partial<RealmOptions>;
  readonly authorizerRealm?: string;
}

/**
 * A guest, whose role asks `auth.decide`; a root, which may do everything; and the authorizer's session, which answers as
 * the test says: by `answer` at once, or, when that is `null`, by hand.
 */
const setUp = async ({ permissions = [], role = {}, realm = {}, authorizerRealm }: World = {}) => {
  const denied: Denied[] = [];
  const clock = new FakeClock();
  const guest = {
    name: 'guest',
    permissions,
    authorizer: {
      procedure: 'auth.decide',
      ...(authorizerRealm === undefined ? {} : { realm: authorizerRealm }),
    },
    ...role,
  };
  const access = {
    authenticators: [
      anonymousAuthenticator({ role: 'guest' }),
      { ...anonymousAuthenticator({ role: 'root' }), method: 'root' },
    ],
    roles: [guest, { name: 'root', permissions: [everything] }],
  };
  const router = new Router({
    realms: [{ name: 'realm1', ...access, ...realm }, { name: 'backend' }],
    clock,
    events: {
      denied: (info) => denied.push(info),
      bug: ({ error }) => {
        throw error;
      },
    },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (details: Dict = {}) => ScriptedPeer.join(attach, 'realm1', details);
  const root = await join({ authmethods: ['root'] });
  const authorizer = await ScriptedPeer.join(
    attach,
    authorizerRealm ?? 'realm1',
    authorizerRealm === undefined ? { authmethods: ['root'] } : {},
  );
  const [registered] = await authorizer.exchange(new Register(1, {}, 'auth.decide'));
  /** What the authorizer was asked: uri, action and options, oldest first. */
  const asked: unknown[][] = [];
  const state = { answer: true as unknown };
  const answer = (request: unknown, verdict: unknown): void =>
    authorizer.send(new Yield(request as number, {}, Payload.of([verdict])));
  const take = (): WireMessage[] => {
    const invocations = authorizer.take().filter(([code]) => code === MessageCode.Invocation);
    for (const [, , , , args] of invocations) asked.push((args as unknown[]).slice(1));
    return invocations;
  };
  /** Lets everything happen, the authorizer answering what it is asked. */
  const settle = async (): Promise<void> => {
    for (;;) {
      await turn();
      const invocations = state.answer === null ? [] : take();
      if (invocations.length === 0) return;
      for (const [, request, , , args] of invocations) {
        const verdict =
          typeof state.answer === 'function' ? state.answer(...(args as unknown[])) : state.answer;
        answer(request, verdict);
      }
    }
  };
  /** What one peer gets for what it sends, once everything is settled. */
  const exchange = async (peer: ScriptedPeer, ...messages: Parameters<ScriptedPeer['send']>) => {
    peer.send(...messages);
    await settle();
    return peer.take();
  };
  const registration = registered?.[2] as number;
  return {
    router,
    clock,
    join,
    root,
    authorizer,
    guest: await join(),
    denied,
    asked,
    state,
    answer,
    take,
    settle,
    exchange,
    registration,
  };
};

const one = (answers: readonly WireMessage[]): unknown => {
  const [first] = answers;
  return first?.[0] === MessageCode.Error ? first[4] : first?.[0];
};

const attempts = [
  ['call', () => new Call(1, {}, 'a.b')],
  ['register', () => new Register(1, { match: 'prefix' }, 'a.')],
  ['publish', () => new Publish(1, { acknowledge: true }, 'a.b')],
  ['subscribe', () => new Subscribe(1, { match: 'wildcard' }, 'a..c')],
] as const;
const done = { call: 'wamp.error.no_such_procedure', register: 65, publish: 17, subscribe: 33 };

describe.each(attempts)('%s', (action, message) => {
  test('AZ-03: the authorizer gets the session as wamp.session.get tells it, uri, action and options with match', async () => {
    const { guest, root, exchange, authorizer } = await setUp();
    await root.exchange(new Call(1, {}, 'wamp.session.get', Payload.of([guest.session])));
    const [got] = await root.exchange(new Call(2, {}, 'wamp.session.get', Payload.of([guest.session])));
    await exchange(guest, message());
    const invocation = authorizer.received.findLast(([code]) => code === MessageCode.Invocation);
    const { procedure, topic, options } = message() as unknown as Record<string, string> & { options: Dict };
    expect(invocation?.[4]).toEqual([
      (got?.[3] as unknown[] | undefined)?.[0],
      procedure ?? topic,
      action,
      { match: options.match ?? 'exact', realm: 'realm1' },
    ]);
    expect(invocation?.[5]).toBeUndefined();
  });

  test.each([
    [true, done[action]],
    [{ allow: true }, done[action]],
    [{ allow: true, disclose: true, cache: false }, done[action]],
    [false, 'wamp.error.not_authorized'],
    [{ allow: false }, 'wamp.error.not_authorized'],
    [{ allow: false, disclose: true, cache: true }, 'wamp.error.not_authorized'],
    [{}, 'wamp.error.authorization_failed'],
    [{ disclose: true }, 'wamp.error.authorization_failed'],
    [{ allow: 1 }, 'wamp.error.authorization_failed'],
    [{ allow: true, cache: 'yes' }, 'wamp.error.authorization_failed'],
    [{ allow: true, disclose: null }, 'wamp.error.authorization_failed'],
    [{ allow: true, validate: {} }, 'wamp.error.authorization_failed'],
    [null, 'wamp.error.authorization_failed'],
    ['true', 'wamp.error.authorization_failed'],
    [1, 'wamp.error.authorization_failed'],
    [[true], 'wamp.error.authorization_failed'],
  ])('AZ-02, AZ-03: the answer %j gives %s', async (verdict, outcome) => {
    const { guest, state, exchange } = await setUp();
    state.answer = () => verdict;
    expect(one(await exchange(guest, message()))).toBe(outcome);
    expect(guest.closed).toBeNull();
  });

  test('AZ-02: an authorizer that fails, answers too much, too late or not at all allows nothing', async () => {
    const world = await setUp();
    const { guest, state, exchange, authorizer, take, clock, registration, denied } = world;
    const failed = 'wamp.error.authorization_failed';
    state.answer = null;
    const fail = async (answer: (request: number) => unknown): Promise<unknown> => {
      guest.send(message());
      await turn();
      answer(take()[0]?.[1] as number);
      await turn();
      return one(guest.take());
    };
    const invocation = MessageCode.Invocation;
    expect(await fail((n) => authorizer.send(new ErrorMessage(invocation, n, {}, 'a.error')))).toBe(failed);
    expect(await fail((n) => authorizer.send(new Yield(n, {})))).toBe(failed);
    expect(await fail((n) => authorizer.send(new Yield(n, {}, Payload.of([true, true]))))).toBe(failed);
    expect(await fail((n) => authorizer.send(new Yield(n, {}, Payload.of([true], { allow: true }))))).toBe(
      failed,
    );
    expect(await fail(() => clock.advance(4_999))).toBeUndefined();
    clock.advance(1);
    await turn();
    expect(one(guest.take())).toBe(failed);
    expect(authorizer.take().map(([code]) => code)).toEqual([69]);
    await authorizer.exchange(new Unregister(2, registration));
    expect(one(await exchange(guest, message()))).toBe(failed);
    expect(denied.map(({ rule }) => rule)).toEqual([
      'authorizer "auth.decide": a.error',
      'authorizer "auth.decide": its answer is neither a bool nor a dict',
      'authorizer "auth.decide": its answer is more than one argument',
      'authorizer "auth.decide": its answer is more than one argument',
      'authorizer "auth.decide": no answer within 5000 ms',
      expect.stringContaining('authorizer "auth.decide": wamp.error.no_such_procedure'),
    ]);
    expect(clock.timers).toBe(0);
  });

  test('AZ-04: an authorizer that goes while it is asked allows nothing', async () => {
    const { guest, state, authorizer } = await setUp();
    state.answer = null;
    guest.send(message());
    await turn();
    await authorizer.drop();
    expect(one(guest.take())).toBe('wamp.error.authorization_failed');
  });

  test('AZ-04: nobody learns of what exists, or causes anything, before it is decided', async () => {
    const { guest, root, state, answer, take } = await setUp();
    await root.exchange(new Register(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a.'));
    root.take();
    state.answer = null;
    expect(await guest.exchange(message())).toEqual([]);
    expect(root.take()).toEqual([]);
    answer(take()[0]?.[1], false);
    await turn();
    expect(one(guest.take())).toBe('wamp.error.not_authorized');
    expect(root.take()).toEqual([]);
  });

  test('AZ-04: a session that is ended while the authorizer is asked does nothing any more, and the question is given up', async () => {
    const { guest, root, state, answer, take, authorizer, clock, denied } = await setUp();
    await root.exchange(new Register(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a.'));
    state.answer = null;
    await guest.exchange(message());
    const [asked] = take();
    await root.exchange(new Call(9, {}, 'wamp.session.kill', Payload.of([guest.session])));
    expect(authorizer.take().map(([code]) => code)).toEqual([69]);
    answer(asked?.[1], true);
    await turn();
    expect(root.take()).toEqual([]);
    expect(guest.take().map(([code]) => code)).toEqual([6]);
    expect(denied).toEqual([]);
    await guest.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
    expect(guest.closed).not.toBeNull();
    expect(clock.timers).toBe(0);
  });

  test('AZ-04: of a question that is given up nothing stays, also where the authorizer heeds no signal', async () => {
    const asked: AbortSignal[] = [];
    const authorizer = {
      name: 'deaf',
      authorize: (...[, , , { signal }]: Parameters<Authorizer['authorize']>) => {
        asked.push(signal);
        return new Promise<never>(() => {});
      },
    };
    const { guest, root, clock } = await setUp({ role: { authorizer } });
    await guest.exchange(message());
    await root.exchange(new Call(9, {}, 'wamp.session.kill', Payload.of([guest.session])));
    await guest.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
    expect(clock.timers).toBe(0);
  });

  test('AZ-04: what a session sent before its transport went counts, once it is decided', async () => {
    const { guest, root, state, answer, take } = await setUp();
    const watched = ['wamp.session.on_leave', 'wamp.registration.on_create', 'wamp.subscription.on_create'];
    await root.exchange(...[...watched, 'a.b'].map((topic, n) => new Subscribe(n + 1, {}, topic)));
    state.answer = null;
    await guest.exchange(message());
    await guest.drop();
    expect(root.take()).toEqual([]);
    answer(take()[0]?.[1], true);
    await turn();
    expect(root.take().length).toBe(action === 'call' ? 1 : 2);
  });
});

test('AZ-02, BP-PS-04: a PUBLISH without acknowledge is silent, denied or failed, and reaches nobody', async () => {
  const { guest, root, state, exchange } = await setUp();
  await root.exchange(new Subscribe(1, {}, 'a.b'));
  for (const verdict of [false, 'broken']) {
    state.answer = verdict;
    expect(await exchange(guest, new Publish(1, {}, 'a.b'))).toEqual([]);
  }
  expect(root.take()).toEqual([]);
  state.answer = true;
  expect(await exchange(guest, new Publish(1, {}, 'a.b', Payload.of([1])))).toEqual([]);
  expect(root.take()).toEqual([[36, expect.any(Number), expect.any(Number), {}, [1]]]);
});

test('AZ-02: what is refused whatever its authorization is not asked about', async () => {
  const { guest, exchange, asked } = await setUp();
  const answers = await exchange(
    guest,
    new Call(1, {}, 'a..b'),
    new Publish(2, { acknowledge: true }, 'wamp.a'),
    new Register(3, {}, 'wamp.a'),
    new Subscribe(4, {}, 'a b'),
  );
  expect(answers.map((answer) => answer[4])).toEqual(Array(4).fill('wamp.error.invalid_uri'));
  expect(asked).toEqual([]);
});

test('CID-03, PID-03: disclosure is the verdict to say', async () => {
  const { guest, root, state, exchange } = await setUp();
  await root.exchange(new Register(1, {}, 'a.b'), new Subscribe(2, {}, 'a.b'));
  root.take();
  const call = new Call(1, { disclose_me: true }, 'a.b');
  const publish = new Publish(2, { disclose_me: true, acknowledge: true, exclude_me: false }, 'a.b');
  const register = new Register(3, { disclose_caller: true }, 'a.c');
  const refused = Array(3).fill('wamp.error.option_disallowed.disclose_me');
  expect((await exchange(guest, call, publish, register)).map((answer) => answer[4])).toEqual(refused);
  expect(root.take()).toEqual([]);
  state.answer = { allow: true, disclose: true };
  expect((await exchange(guest, call, publish, register)).map(([code]) => code)).toEqual([17, 65]);
  const [invocation, event] = root.take();
  expect(invocation?.[3]).toMatchObject({ caller: guest.session });
  expect(event?.[3]).toMatchObject({ publisher: guest.session });
});

describe('static rules and an authorizer', () => {
  const permissions: Permission[] = [
    { uri: 'a.', match: 'prefix', allow: ['call', 'subscribe'] },
    { uri: 'a.secret.', match: 'prefix', allow: [] },
  ];

  test.each([
    ['a rule that allows is final', new Subscribe(1, {}, 'a.b'), false, 33, 0],
    ['a rule that denies is final', new Subscribe(1, {}, 'a.secret.b'), true, 'wamp.error.not_authorized', 0],
    ['a rule denies what it does not list', new Register(1, {}, 'a.b'), true, 'wamp.error.not_authorized', 0],
    ['a pattern that a rule covers', new Subscribe(1, { match: 'prefix' }, 'a.b.'), false, 33, 0],
    [
      'a pattern that reaches what a rule denies',
      new Subscribe(1, { match: 'prefix' }, 'a.'),
      true,
      'wamp.error.not_authorized',
      0,
    ],
    ['a pattern beyond every rule', new Subscribe(1, { match: 'prefix' }, 'b.'), true, 33, 1],
    ['a URI beyond every rule, allowed', new Subscribe(1, {}, 'b'), true, 33, 1],
    ['a URI beyond every rule, denied', new Subscribe(1, {}, 'b'), false, 'wamp.error.not_authorized', 1],
  ])('AZ-01: %s', async (_, message, verdict, outcome, questions) => {
    const { guest, state, exchange, asked } = await setUp({ permissions });
    state.answer = verdict;
    expect(one(await exchange(guest, message))).toBe(outcome);
    expect(asked.length).toBe(questions);
  });
});

describe('answers that are held', () => {
  const allow = { allow: true, cache: true };

  test('AZ-03: only an answer that says cache is held, for session, action, URI and match', async () => {
    const { guest, state, exchange, asked, join } = await setUp();
    const subscribe = (request: number, uri: string, options: Dict = {}) =>
      new Subscribe(request, options, uri);
    await exchange(guest, subscribe(1, 'a.b'), subscribe(2, 'a.b'));
    expect(asked.length).toBe(2);
    state.answer = allow;
    await exchange(guest, subscribe(3, 'a.b'), subscribe(4, 'a.b'), subscribe(5, 'a.b'));
    expect(asked.length).toBe(3);
    await exchange(guest, subscribe(6, 'a.b', { match: 'prefix' }), subscribe(7, 'a.b', { match: 'prefix' }));
    await exchange(guest, new Publish(8, {}, 'a.b'), new Publish(9, {}, 'a.b'));
    await exchange(await join(), subscribe(1, 'a.b'));
    expect(asked.slice(3).map(([uri, action, options]) => [uri, action, (options as Dict).match])).toEqual([
      ['a.b', 'subscribe', 'prefix'],
      ['a.b', 'publish', 'exact'],
      ['a.b', 'subscribe', 'exact'],
    ]);
  });

  test('AZ-03: denials are held too, failures never', async () => {
    const { guest, state, exchange, asked } = await setUp();
    state.answer = { allow: false, cache: true };
    const call = (request: number) => new Call(request, {}, 'a.b');
    expect((await exchange(guest, call(1), call(2))).map((answer) => answer[4])).toEqual(
      Array(2).fill('wamp.error.not_authorized'),
    );
    expect(asked.length).toBe(1);
    state.answer = { allow: true, cache: true, more: true };
    await exchange(guest, new Call(3, {}, 'a.c'), new Call(4, {}, 'a.c'));
    expect(asked.length).toBe(3);
  });

  test('AZ-03: an answer is held for its time, and no longer', async () => {
    const { guest, state, exchange, asked, clock } = await setUp({ role: { authorizerCacheTime: 1_000 } });
    state.answer = allow;
    await exchange(guest, new Publish(1, {}, 'a.b'));
    clock.advance(999);
    await exchange(guest, new Publish(2, {}, 'a.b'));
    expect(asked.length).toBe(1);
    clock.advance(1);
    await exchange(guest, new Publish(3, {}, 'a.b'));
    expect(asked.length).toBe(2);
  });

  test('AZ-03: another registration of the authorizer is asked anew; while there is none, answers hold', async () => {
    const { guest, state, exchange, asked, authorizer, registration } = await setUp();
    state.answer = allow;
    await exchange(guest, new Publish(1, {}, 'a.b'));
    await authorizer.exchange(new Unregister(2, registration));
    expect(one(await exchange(guest, new Publish(2, { acknowledge: true }, 'a.b')))).toBe(17);
    await authorizer.exchange(new Register(3, {}, 'auth.decide'));
    state.answer = false;
    expect(one(await exchange(guest, new Publish(3, { acknowledge: true }, 'a.b')))).toBe(
      'wamp.error.not_authorized',
    );
    expect(asked.length).toBe(2);
  });

  test('AZ-03: what is held for one session is bounded', async () => {
    const { guest, state, exchange, asked } = await setUp();
    state.answer = allow;
    const uris = Array.from({ length: 400 }, (_, n) => `a.${n}`);
    await exchange(guest, ...uris.map((uri, n) => new Publish(n + 1, {}, uri)));
    await exchange(guest, ...uris.map((uri, n) => new Publish(n + 1, {}, uri)));
    expect(asked.length).toBe(800);
    await exchange(guest, ...uris.slice(-50).map((uri, n) => new Publish(n + 1, {}, uri)));
    expect(asked.length).toBe(800);
  });
});

describe('order', () => {
  /** Answers questions in the order given by `pick`, one at a time. */
  const play = async (guests: readonly ScriptedPeer[], world: Awaited<ReturnType<typeof setUp>>) => {
    const open: unknown[] = [];
    for (;;) {
      await turn();
      open.push(...world.take().map(([, request]) => request));
      if (open.length === 0) return;
      expect(open.length).toBeLessThanOrEqual(guests.length);
      world.answer(open.pop(), true);
    }
  };

  test('BP-ORD-01, BP-ORD-02: one question at a time for a session, whose messages keep their order', async () => {
    const permissions: Permission[] = [{ uri: 'static.', match: 'prefix', allow: ['publish', 'call'] }];
    const world = await setUp({ permissions });
    const { guest, root, state } = world;
    state.answer = null;
    await root.exchange(
      ...['static.', 'asked.'].flatMap((uri, n) => [
        new Subscribe(2 * n + 1, { match: 'prefix' }, uri),
        new Register(2 * n + 2, { match: 'prefix' }, uri),
      ]),
    );
    root.take();
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    guest.send(
      ...numbers.map((n) => {
        const uri = `${n % 3 === 0 ? 'static' : 'asked'}.${n}`;
        const payload = Payload.of([n]);
        return n % 2 === 0
          ? new Publish(n, { acknowledge: n % 4 === 0 }, uri, payload)
          : new Call(n, {}, uri, payload);
      }),
      new Goodbye({}, 'wamp.close.close_realm'),
    );
    await play([guest], world);
    const received = root.take().filter(([code]) => code === 36 || code === 68);
    expect(received.map((message) => (message[4] as number[])[0])).toEqual(numbers);
    expect(guest.take().at(-1)?.[0]).toBe(6);
  });

  test('BP-ORD-01: sessions wait for themselves alone', async () => {
    const world = await setUp();
    const { join, root, state, take, answer } = world;
    await root.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
    root.take();
    state.answer = null;
    const guests = await Promise.all(Array.from({ length: 30 }, () => join()));
    for (const [index, guest] of guests.entries())
      guest.send(
        new Publish(1, {}, `a.${index}`, Payload.of([index])),
        new Publish(2, {}, 'a.x', Payload.of([index])),
      );
    await turn();
    const asked = take();
    expect(asked.length).toBe(30);
    // the last one is answered first, and then all else while the first one waits
    for (const [, request] of asked.slice(1).reverse()) answer(request, true);
    await turn();
    for (const [, request] of take()) answer(request, true);
    await turn();
    const payloads = root.take().map((event) => (event[4] as number[])[0] as number);
    expect(payloads.length).toBe(58);
    expect(new Set(payloads)).toEqual(new Set(guests.map((_, index) => index).slice(1)));
  });

  test('BP-ORD-03: SUBSCRIBED of a pattern that is asked about comes before its first EVENT', async () => {
    const { guest, root, state, answer, take } = await setUp();
    state.answer = null;
    await guest.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
    await root.exchange(new Publish(1, { retain: true }, 'a.b', Payload.of([1])));
    answer(take()[0]?.[1], true);
    for (let n = 2; n < 5; n++) await root.exchange(new Publish(n, {}, 'a.b', Payload.of([n])));
    const [first, ...events] = guest.take().map(([code]) => code);
    expect(first).toBe(33);
    expect(new Set(events)).toEqual(new Set([36]));
  });
});

test('PCI-04, PCI-07: chunks of a call are not asked about again, and those of one that was denied are discarded', async () => {
  const { root, state, exchange, asked, join } = await setUp();
  const features = {
    progressive_call_invocations: true,
    progressive_call_results: true,
    call_canceling: true,
  };
  const caller = await join({ roles: { caller: { features } } });
  const callee = await join({ roles: { callee: { features } }, authmethods: ['root'] });
  await callee.exchange(new Register(1, {}, 'a.b'));
  const chunks = (request: number) =>
    [true, true, false].map((progress, n) => new Call(request, { progress }, 'a.b', Payload.of([n])));
  expect(await exchange(caller, ...chunks(1))).toEqual([]);
  expect(callee.take().map((invocation) => invocation[4])).toEqual([[0], [1], [2]]);
  state.answer = false;
  expect((await exchange(caller, ...chunks(2))).map((answer) => answer[4])).toEqual([
    'wamp.error.not_authorized',
  ]);
  expect(asked.length).toBe(2);
  expect([callee.take(), root.take()]).toEqual([[], []]);
});

test('AZ-03: an authorizer in another realm is asked there', async () => {
  const { guest, exchange, asked, state } = await setUp({ authorizerRealm: 'backend' });
  expect(one(await exchange(guest, new Subscribe(1, {}, 'a.b')))).toBe(33);
  state.answer = false;
  expect(one(await exchange(guest, new Subscribe(2, {}, 'a.c')))).toBe('wamp.error.not_authorized');
  expect(asked.length).toBe(2);
});

test('AZ-02: a session that serves the authorizer itself is not asked about itself, and does not wait for itself', async () => {
  const permissions: Permission[] = [{ uri: 'auth.', match: 'prefix', allow: ['register'] }];
  const world = await setUp({ permissions });
  const { guest, authorizer, registration, exchange, denied } = world;
  await authorizer.exchange(new Unregister(2, registration));
  expect(one(await exchange(guest, new Register(1, {}, 'auth.decide')))).toBe(65);
  expect(one(await exchange(guest, new Call(2, {}, 'a.b')))).toBe('wamp.error.authorization_failed');
  expect(denied.at(-1)?.rule).toBe('authorizer "auth.decide": the session serves it itself');
});

test('AZ-03: what the router asks is not subject to authorization, and its session is told to nobody', async () => {
  const { guest, root, exchange } = await setUp();
  await exchange(guest, new Subscribe(1, {}, 'a.b'));
  const [count] = await root.exchange(new Call(1, {}, 'wamp.session.count'));
  expect(count?.[3]).toEqual([3]);
});

describe('bounds and ends', () => {
  test('AZ-02: a large payload above the bound does not wait: nothing is allowed, and the session goes on', async () => {
    const { guest, root, state, denied, exchange } = await setUp();
    await root.exchange(new Subscribe(1, {}, 'a.b'));
    root.take();
    state.answer = null;
    const bytes = new Uint8Array(64 * 1024 ** 2 + 1);
    const large = Payload.borrow({ name: 'json' } as never, bytes, 0, bytes.length, 1);
    const answers = await guest.exchange(new Publish(1, { acknowledge: true }, 'a.b', large));
    expect(answers.map((answer) => answer[4])).toEqual(['wamp.error.authorization_failed']);
    expect(denied[0]?.rule).toContain('bytes wait for an authorizer');
    state.answer = true;
    expect(one(await exchange(guest, new Publish(2, { acknowledge: true }, 'a.b')))).toBe(17);
    expect(root.take().length).toBe(1);
  });

  test('BP-SESS-08, AZ-04: a router that closes lets what is asked be answered within the grace', async () => {
    const { router, guest, root, state, take, answer, clock } = await setUp();
    await root.exchange(new Register(1, {}, 'a.b'));
    await root.exchange(new Call(9, {}, 'a.b'));
    state.answer = null;
    await guest.exchange(new Call(1, {}, 'a.c'));
    const closing = router.close({ grace: 1_000 });
    await turn();
    answer(take()[0]?.[1], true);
    await turn();
    // allowed, but the router takes no new calls
    expect(one(guest.take())).toBe('wamp.error.unavailable');
    clock.advance(1_000);
    await turn();
    clock.advance(2_000);
    await closing;
    expect(clock.timers).toBe(0);
  });

  test('BP-SESS-08, AZ-04: a router that closes does not wait for an authorizer that never answers', async () => {
    const { router, guest, root, authorizer, state, clock } = await setUp();
    state.answer = null;
    await guest.exchange(new Publish(1, {}, 'a.b'));
    const closing = router.close({ grace: 1_000 });
    clock.advance(1_000);
    await turn();
    for (const peer of [guest, root, authorizer]) expect(peer.take().at(-1)?.[0]).toBe(6);
    for (const peer of [guest, root, authorizer]) peer.send(new Goodbye({}, 'wamp.close.goodbye_and_out'));
    await closing;
    expect([guest.closed, root.closed, authorizer.closed]).not.toContain(null);
    await turn();
    expect(clock.timers).toBe(0);
  });

  test('AZ-04: a realm of a template goes when its last session does, also one that waits', async () => {
    const clock = new FakeClock();
    const role = {
      name: 'guest',
      permissions: [],
      authorizer: { procedure: 'auth.decide', realm: 'backend' },
    };
    const authenticators = [anonymousAuthenticator({ role: 'guest' })];
    const router = new Router({
      realms: [{ name: 'backend' }, { template: 'tenant-*', authenticators, roles: [role] }],
      clock,
    });
    const attach = (peer: Peer): void => router.attach(peer);
    const authorizer = await ScriptedPeer.join(attach, 'backend');
    await authorizer.exchange(new Register(1, {}, 'auth.decide'));
    const guest = await ScriptedPeer.join(attach, 'tenant-1');
    await guest.exchange(new Publish(1, {}, 'a.b'));
    const [invocation] = authorizer.take();
    await guest.drop();
    authorizer.send(new Yield(invocation?.[1] as number, {}, Payload.of([true])));
    await turn();
    const [count] = await authorizer.exchange(new Call(2, {}, 'wamp.session.count'));
    expect(count?.[3]).toEqual([1]);
    const again = await ScriptedPeer.join(attach, 'tenant-1');
    await again.exchange(new Publish(1, {}, 'a.c'));
    expect(authorizer.take().at(-1)?.[4]).toEqual([
      expect.anything(),
      'a.c',
      'publish',
      { match: 'exact', realm: 'tenant-1' },
    ]);
  });

  test.each([
    [{ authorizer: { procedure: 'a..b' } }, 'no URI'],
    [{ authorizer: { procedure: 'a.b', realm: 'none' } }, 'there is no realm "none" for its authorizer'],
    [{ authorizer: { procedure: 'a.b' }, authorizerTimeout: 0 }, 'authorizerTimeout must be above 0'],
    [{ authorizer: { procedure: 'a.b' }, authorizerCacheTime: -1 }, 'authorizerCacheTime must be 0 or more'],
  ])('AZ-01: a role with %j is a ConfigError', (options, message) => {
    const realm = { name: 'realm1', roles: [{ name: 'user', permissions: [], ...options }] };
    expect(() => new Router({ realms: [realm] })).toThrow(message);
  });
});

describe('testaments and histories', () => {
  const permissions: Permission[] = [{ uri: 'wamp.', match: 'prefix', allow: ['call', 'subscribe'] }];

  test('TEST-04: a testament is asked about when it is added, and published under that answer', async () => {
    const { guest, root, state, exchange, asked, denied } = await setUp({ permissions });
    await root.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
    root.take();
    state.answer = (_: unknown, uri: string) => uri === 'a.good';
    const add = (request: number, topic: string) =>
      new Call(request, {}, 'wamp.session.add_testament', Payload.of([topic, [topic], {}]));
    const answers = await exchange(guest, add(1, 'a.good'), add(2, 'a.bad'));
    expect(answers.map((answer) => (answer[0] === 50 ? 50 : answer[4]))).toEqual([
      50,
      'wamp.error.not_authorized',
    ]);
    expect(asked.map(([uri, action]) => [uri, action])).toEqual([
      ['a.good', 'publish'],
      ['a.bad', 'publish'],
    ]);
    state.answer = false;
    await guest.drop();
    expect(root.take().map((event) => event[4])).toEqual([['a.good']]);
    expect(asked.length).toBe(2);
    expect(denied.map(({ uri }) => uri)).toEqual(['a.bad']);
  });

  test('TEST-02, BP-ORD-02: what follows a testament waits until it is added', async () => {
    const { guest, root, state, take, answer } = await setUp({ permissions });
    await root.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
    root.take();
    state.answer = null;
    guest.send(
      new Call(1, {}, 'wamp.session.add_testament', Payload.of(['a.b', ['x'], {}])),
      new Call(2, {}, 'wamp.session.flush_testaments'),
      new Call(3, {}, 'wamp.session.add_testament', Payload.of(['a.c', ['y'], {}])),
      new Goodbye({}, 'wamp.close.close_realm'),
    );
    await turn();
    expect(guest.take()).toEqual([]);
    for (let n = 0; n < 2; n++) {
      for (const [, request] of take()) answer(request, true);
      await turn();
    }
    expect(guest.take().map(([code]) => code)).toEqual([50, 50, 50, 6]);
    expect(root.take().map((event) => event[4])).toEqual([['y']]);
  });

  test('TEST-04, AZ-04: a testament of a session that is ended while it is asked about is not kept', async () => {
    const { guest, root, state, take, answer } = await setUp({ permissions });
    await root.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
    state.answer = null;
    await guest.exchange(new Call(1, {}, 'wamp.session.add_testament', Payload.of(['a.b', ['x'], {}])));
    const [asked] = take();
    await root.exchange(new Call(9, {}, 'wamp.session.kill', Payload.of([guest.session])));
    answer(asked?.[1], true);
    await turn();
    expect(root.take()).toEqual([]);
  });

  test('HIST-06: who may not subscribe, as the authorizer says, may not read a history', async () => {
    const realm = { history: [{ topic: 'a.', match: 'prefix' as const, limit: 10 }] };
    const { guest, root, state, exchange, asked } = await setUp({ permissions, realm });
    const [found] = await root.exchange(
      new Call(1, {}, 'wamp.subscription.lookup', Payload.of(['a.', { match: 'prefix' }])),
    );
    await root.exchange(new Publish(2, {}, 'a.b', Payload.of(['event'])));
    const read = new Call(1, {}, 'wamp.subscription.get_events', Payload.of(found?.[3] as unknown[]));
    state.answer = false;
    expect(one(await exchange(guest, read))).toBe('wamp.error.not_authorized');
    state.answer = 'broken';
    expect(one(await exchange(guest, read))).toBe('wamp.error.authorization_failed');
    state.answer = true;
    expect(one(await exchange(guest, read))).toBe(50);
    expect(asked.at(-1)).toEqual(['a.', 'subscribe', { match: 'prefix', realm: 'realm1' }]);
  });

  test('RET-03: who may not subscribe, as the authorizer says, gets no retained event', async () => {
    const { guest, root, state, exchange } = await setUp();
    await root.exchange(new Publish(1, { retain: true }, 'a.b', Payload.of(['kept'])));
    state.answer = false;
    const subscribe = new Subscribe(1, { get_retained: true }, 'a.b');
    expect((await exchange(guest, subscribe)).map(([code]) => code)).toEqual([8]);
    state.answer = true;
    expect((await exchange(guest, subscribe)).map(([code]) => code)).toEqual([33, 36]);
  });
});
