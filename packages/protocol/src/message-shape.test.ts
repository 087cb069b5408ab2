import { describe, expect, test } from 'vitest';
import { ProtocolError } from './errors.js';
import { MessageCode, messageName } from './message-code.js';
import { createMessage, messageShape, messageValues } from './message-shape.js';
import { emptyDict } from './messages.js';
import { Payload } from './payload.js';

const samples: [code: number, values: unknown[], payload: boolean][] = [
  [1, ['realm1', { roles: { caller: {} } }], false],
  [2, [9129137332, { roles: { broker: {} } }], false],
  [3, [{ message: 'no' }, 'wamp.error.no_such_realm'], true],
  [4, ['ticket', {}], false],
  [5, ['secret', {}], false],
  [6, [{}, 'wamp.close.close_realm'], false],
  [8, [48, 7, {}, 'com.error'], true],
  [16, [1, { acknowledge: true }, 'com.topic'], true],
  [17, [1, 2], false],
  [32, [1, { match: 'prefix' }, 'com.'], false],
  [33, [1, 2], false],
  [34, [1, 2], false],
  [35, [1], false],
  [35, [0, { subscription: 3 }], false],
  [36, [1, 2, {}], true],
  [48, [1, {}, 'com.proc'], true],
  [49, [1, { mode: 'kill' }], false],
  [50, [1, { progress: true }], true],
  [64, [1, {}, 'com.proc'], false],
  [65, [1, 2], false],
  [66, [1, 2], false],
  [67, [1], false],
  [67, [0, { registration: 3 }], false],
  [68, [1, 2, {}], true],
  [69, [1, { mode: 'kill' }], false],
  [70, [1, {}], true],
  [337, [1], false],
];

describe('createMessage', () => {
  test.each(samples)('BP-MSG-06: type %d of %j keeps its elements', (code, values) => {
    const message = createMessage(code, values, Payload.empty);
    expect(message.code).toBe(code);
    expect(messageValues(message)).toEqual(values);
  });

  test.each(samples)(
    'BP-PERR-05: type %d of %j takes a payload only where one belongs',
    (code, values, takes) => {
      const payload = Payload.of([1], { a: 2 });
      if (takes) expect(createMessage(code, values, payload)).toMatchObject({ payload });
      else expect(() => createMessage(code, values, payload)).toThrow(ProtocolError);
    },
  );

  test.each(samples)('BP-PERR-05: type %d of %j refuses each element of another type', (code, values) => {
    for (const index of values.keys()) {
      for (const odd of [undefined, null, -1, 1.5, true, [], [1], 2 ** 53 + 2]) {
        const changed = values.with(index, odd);
        expect(() => createMessage(code, changed, Payload.empty), String(odd)).toThrow(ProtocolError);
      }
    }
    expect(() => createMessage(code, [...values, 1, 2], Payload.empty)).toThrow(ProtocolError);
    const revocation = (code === 35 || code === 67) && values.length === 2; // its Details may be missing
    if (!revocation)
      expect(() => createMessage(code, values.slice(0, -1), Payload.empty)).toThrow(ProtocolError);
  });

  test.each([0, 7, 99, 256, -1, 1.5, '48', null, undefined, [], {}])(
    'BP-PERR-05: %j is no message type',
    (code) => {
      expect(() => createMessage(code, [1, {}, 'com.proc'], Payload.empty)).toThrow(/unknown message type/);
    },
  );

  test.each([0, 1, 6, 17, 36, 50, 65, 69, 70])(
    'BP-PERR-03: an ERROR for a request of type %d is refused',
    (type) => {
      expect(() => createMessage(8, [type, 1, {}, 'com.error'], Payload.empty)).toThrow(
        'ERROR: element 1 must be the type of a request',
      );
    },
  );

  test('BP-PERR-05: the error names message, element and what came instead', () => {
    expect(() => createMessage(48, [0, {}, 'com.proc'], Payload.empty)).toThrow(
      'CALL: element 1 must be an id in [1, 2^53], not 0',
    );
    expect(() => createMessage(48, [1, [], 'com.proc'], Payload.empty)).toThrow(
      'CALL: element 2 must be a dict, not a list',
    );
  });
});

describe('createMessage on dicts', () => {
  test.each([
    [16, 'acknowledge', [1, 0, 'true', null]],
    [16, 'exclude_me', [1]],
    [16, 'exclude', [1, ['x'], [0], {}]],
    [16, 'eligible_authrole', ['admin', [1]]],
    [32, 'match', ['glob', 1, null, true]],
    [48, 'receive_progress', [1]],
    [48, 'timeout', [-1, 1.5, '1']],
    [49, 'mode', ['abort', 1]],
    [64, 'invoke', ['all', 1]],
    [50, 'progress', [0]],
    [36, 'publisher', ['me', 0]],
    [68, 'caller', ['me']],
  ])('BP-PERR-06, CAN-06: type %d refuses "%s" of another type and names it', (code, key, values) => {
    const { fields } = messageShape(code) as { fields: readonly string[] };
    for (const value of values) {
      const elements = fields.map((kind) =>
        kind === 'dict' ? { [key]: value } : kind === 'uri' ? 'com.x' : 1,
      );
      expect(() => createMessage(code, elements, Payload.empty)).toThrow(`"${key}" must be`);
    }
  });

  test('BP-MSG-03: unknown keys are no error, whatever they hold', () => {
    const options = { _custom: [1, { deep: null }], whatever: 0, constructor: 1, toString: 2 };
    expect(createMessage(16, [1, options, 'com.x'], Payload.empty)).toMatchObject({ options });
  });

  test('BP-SESS-01: roles must be a dict of dicts whose features are bools', () => {
    const hello = (roles: unknown) => () => createMessage(1, ['realm1', { roles }], Payload.empty);
    for (const odd of [
      1,
      [],
      'caller',
      { caller: 1 },
      { caller: { features: 1 } },
      { caller: { features: { x: 1 } } },
    ])
      expect(hello(odd)).toThrow('HELLO: "roles" must be');
    expect(hello({ caller: { features: { call_canceling: true } }, callee: {} })).not.toThrow();
  });

  test('an empty dict keeps its identity', () => {
    expect(createMessage(48, [1, emptyDict, 'com.x'], Payload.empty)).toMatchObject({ options: emptyDict });
  });
});

test('every code has a shape and a name', () => {
  for (const code of Object.values(MessageCode)) {
    expect(messageShape(code)?.code).toBe(code);
    expect(messageName(code)).toMatch(/^[A-Z_]+$/);
  }
  expect(messageName(337)).toBe('EVENT_RECEIVED');
  expect(messageName(99)).toBe('message type 99');
});
