import type { Serializer } from '@wampkit/protocol';
import { readVectors } from '@wampkit/testkit';
import { encodeList } from './invent-message.js';

/** Messages that are right, of every type, with what payloads can hold. */
const lists: readonly unknown[][] = [
  [
    1,
    'realm1',
    { roles: { caller: {}, callee: {}, publisher: {}, subscriber: {} }, agent: 'fuzz', authid: null },
  ],
  [
    1,
    'tickets',
    { roles: { caller: { features: { call_canceling: true } } }, authmethods: ['ticket'], authid: 'joe' },
  ],
  [3, { message: 'enough' }, 'wamp.close.close_realm'],
  [3, {}, 'com.example.error', [1], { k: 'v' }],
  [5, 'joe-ticket', {}],
  [6, {}, 'wamp.close.close_realm'],
  [8, 68, 1, {}, 'com.example.error', ['why'], { k: [1, 2] }],
  [
    16,
    1,
    { acknowledge: true, exclude: [2 ** 53, 5], eligible_authid: ['joe'] },
    'fuzz.a',
    [1, 'two', 3.5, null],
  ],
  [16, 2, {}, 'fuzz.a.b', [], { ключ: new Uint8Array([1, 2, 255]), big: 2n ** 63n, n: { n: { n: [[]] } } }],
  [16, 3, { exclude_me: false, disclose_me: true }, 'fuzz.b'],
  [32, 1, { match: 'prefix' }, 'fuzz'],
  [32, 2, { match: 'wildcard' }, 'fuzz..b'],
  [34, 3, 17],
  [48, 1, { receive_progress: true, timeout: 3000 }, 'fuzz.a', [2 ** 53, -(2 ** 33), 'é€😀'], { x: true }],
  [48, 2, {}, 'wamp.session.list', [['anonymous']]],
  [49, 1, { mode: 'kill' }],
  [64, 1, { match: 'wildcard', disclose_caller: true }, 'fuzz..b'],
  [66, 2, 1],
  [70, 1, { progress: true }, ['x'.repeat(60)]],
  [70, 1, {}, [70_000, false], { deep: [[[{ a: [1, [2]] }]]] }],
];

/** The bytes of messages that are right: ours, and the official vectors. */
export function readCorpus(serializer: Serializer): readonly Uint8Array[] {
  const official = readVectors().serialization.flatMap(({ encodings }) => encodings[serializer.name]);
  return [...lists.map((list) => encodeList(serializer, list)), ...official];
}
