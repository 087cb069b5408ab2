import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';
import { invocationOrError, type Session } from '../session.js';

type Pattern = readonly [match: string, uri: string];

/* The registrations of the specification's example; each one's callee yields its number. */
const table: readonly Pattern[] = [
  ['exact', 'a1.b2.c3.d4.e55'],
  ['prefix', 'a1.b2.c3'],
  ['prefix', 'a1.b2.c3.d4'],
  ['wildcard', 'a1.b2..d4.e5'],
  ['wildcard', 'a1.b2.c33..e5'],
  ['wildcard', 'a1.b2..d4.e5..g7'],
  ['wildcard', 'a1.b2..d4..f6.g7'],
];

/* Registers patterns under a root of this check's own; gives the number of the pattern that a URI is called by. */
async function registered(
  t: CheckContext,
  patterns: readonly Pattern[],
): Promise<(uri: string) => Promise<number | string>> {
  const callee = await t.joinWith('dealer', 'pattern_based_registration');
  const caller = await t.join();
  const numbers = new Map<number, number>();
  for (const [index, [match, uri]] of patterns.entries())
    numbers.set(await callee.register(`${t.uri()}.${uri}`, { match }), index + 1);
  return (uri) => called(callee, caller, `${t.uri()}.${uri}`, numbers);
}

async function called(
  callee: Session,
  caller: Session,
  uri: string,
  numbers: ReadonlyMap<number, number>,
): Promise<number | string> {
  const call = caller.call(uri);
  const message = await invocationOrError(callee, caller, call);
  if (message[0] === Code.ERROR) return String(message[4]);
  callee.yield(message[1] as number);
  await caller.result(call);
  return numbers.get(message[2] as number) ?? 'an unknown registration';
}

const NONE = 'wamp.error.no_such_procedure';

const cases: readonly (readonly [
  id: string,
  title: string,
  patterns: readonly Pattern[],
  uri: string,
  number: number,
])[] = [
  ['PREG-02', 'a prefix matches itself', [['prefix', 'a.b']], 'a.b', 1],
  ['PREG-02', 'a prefix matches further components', [['prefix', 'a.b']], 'a.b.c.d', 1],
  ['PREG-02', 'a prefix matches further text in its last component', [['prefix', 'a.b']], 'a.b-c', 1],
  ['PREG-03', 'an empty component matches any one', [['wildcard', 'a..c']], 'a.bbb.c', 1],
  ['PREG-03', 'empty components match at both ends', [['wildcard', 'a..']], 'a.b.c', 1],
  [
    'PREG-04',
    'exact comes before prefix and wildcard',
    [
      ['wildcard', 'a.'],
      ['prefix', 'a'],
      ['exact', 'a.b'],
    ],
    'a.b',
    3,
  ],
  [
    'PREG-04',
    'prefix comes before wildcard',
    [
      ['wildcard', 'a.b.'],
      ['prefix', 'a'],
    ],
    'a.b.c',
    2,
  ],
  [
    'PREG-04',
    'of two prefixes the longer one is taken',
    [
      ['prefix', 'a.b.c'],
      ['prefix', 'a.b'],
    ],
    'a.b.c.d',
    1,
  ],
  [
    'PREG-04',
    'of two prefixes of as many components the longer text is taken',
    [
      ['prefix', 'a.b'],
      ['prefix', 'a.bc'],
    ],
    'a.bcd',
    2,
  ],
  [
    'PREG-05',
    'the longer first portion is taken, not the longer text',
    [
      ['wildcard', 'a..cccccccc'],
      ['wildcard', 'a.b.'],
    ],
    'a.b.cccccccc',
    2,
  ],
  [
    'PREG-05',
    'where first portions are equal the longer second one is taken',
    [
      ['wildcard', 'a..c..e'],
      ['wildcard', 'a..c.d.'],
    ],
    'a.b.c.d.e',
    2,
  ],
  [
    'PREG-05',
    'a concrete first component beats all others',
    [
      ['wildcard', '.b.c.d'],
      ['wildcard', 'a...'],
    ],
    'a.b.c.d',
    2,
  ],
];

/** Pattern-based registration: requirements PREG. */
export const patternRegistration: readonly Check[] = [
  must('PREG-01', 'REGISTER takes each match policy', async (t) => {
    const session = await t.joinWith('dealer', 'pattern_based_registration');
    for (const match of ['exact', 'prefix', 'wildcard']) await session.register(t.uri(match), { match });
  }),
  ...cases.map(([id, title, patterns, uri, number]) =>
    must(id, title, async (t) => {
      const numberFor = await registered(t, patterns);
      equal(
        await numberFor(uri),
        number,
        `number of the registration for ${uri} among ${JSON.stringify(patterns)}`,
      );
    }),
  ),
  must('PREG-03', 'a wildcard matches only URIs of as many components', async (t) => {
    const numberFor = await registered(t, [['wildcard', 'a..c']]);
    for (const uri of ['a.c', 'a.b.b.c', 'a.b.d', 'b.b.c'])
      equal(await numberFor(uri), NONE, `call of ${uri}`);
  }),
  must('PREG-02', 'a prefix does not match a shorter URI or another', async (t) => {
    const numberFor = await registered(t, [['prefix', 'a.bb']]);
    for (const uri of ['a.b', 'a', 'b.bb', 'x.a.bb']) equal(await numberFor(uri), NONE, `call of ${uri}`);
  }),
  must('PREG-05', "the specification's example", async (t) => {
    const numberFor = await registered(t, table);
    const expected: readonly (readonly [string, number | string])[] = [
      ['a1.b2.c3.d4.e55', 1],
      ['a1.b2.c3.d98.e74', 2],
      ['a1.b2.c3.d4.e325', 3],
      ['a1.b2.c55.d4.e5', 4],
      ['a1.b2.c88.d4.e5.f6.g7', 6],
      ['a2.b2.c2.d2.e2', NONE],
    ];
    for (const [uri, number] of expected)
      equal(await numberFor(uri), number, `number of the registration for ${uri}`);
  }),
  // The example names it beside the prefix a1.b2.c3, which by PREG-02 is a prefix of the URI too.
  must('PREG-05', "the specification's example of two wildcards, without the prefixes", async (t) => {
    const numberFor = await registered(t, [table[3]!, table[4]!]);
    equal(await numberFor('a1.b2.c33.d4.e5'), 2, 'number of the registration');
  }),
  ...['prefix', 'wildcard'].map((match) =>
    must(
      'PREG-06',
      `INVOCATION for a ${match} registration names the procedure that was called`,
      async (t) => {
        const callee = await t.joinWith('dealer', 'pattern_based_registration');
        const caller = await t.join();
        await callee.register(`${t.uri()}.`, { match });
        caller.call(`${t.uri()}.b`);
        equal((await callee.invocation()).details.procedure, `${t.uri()}.b`, 'INVOCATION.Details.procedure');
      },
    ),
  ),
  must('PREG-07', 'one URI with three policies is three registrations', async (t) => {
    const session = await t.joinWith('dealer', 'pattern_based_registration');
    const ids = new Set<number>();
    for (const match of ['exact', 'prefix', 'wildcard']) ids.add(await session.register(t.uri(), { match }));
    equal(ids.size, 3, 'different registration ids');
    const request = session.request(Code.REGISTER, { match: 'prefix' }, t.uri());
    await session.error(Code.REGISTER, request, 'wamp.error.procedure_already_exists');
  }),
  must('PREG-07', 'when the best registration is gone the next one is called', async (t) => {
    const callee = await t.joinWith('dealer', 'pattern_based_registration');
    const caller = await t.join();
    const ids: number[] = [];
    for (const match of ['exact', 'prefix', 'wildcard']) ids.push(await callee.register(t.uri(), { match }));
    for (const id of ids) {
      const call = caller.call(t.uri());
      const { request, message } = await callee.invocation();
      equal(message[2], id, 'INVOCATION.Registration');
      callee.yield(request);
      await caller.result(call);
      await callee.reply(Code.UNREGISTERED, callee.request(Code.UNREGISTER, id));
    }
    await caller.error(Code.CALL, caller.call(t.uri()), NONE);
  }),
];
