import { describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { DISMISSED, fuzzSessions } from './fuzz-sessions.js';
import { sessionStates } from './session-states.js';
import { scaled, scaledTimeout, seed } from './settings.js';

const { json, msgpack, cbor } = serializers;
const pairs = [
  { serializer: json, other: msgpack },
  { serializer: msgpack, other: cbor },
  { serializer: cbor, other: json },
];

describe.each([...Object.keys(sessionStates), DISMISSED])('a session %s', (state) => {
  test.each(pairs)(
    'BP-PERR, BP-SESS-07: 10,000 inputs in $serializer.name harm nobody and leave nothing behind',
    { timeout: scaledTimeout(60_000) },
    async ({ serializer, other }) => {
      const count = scaled(10_000);
      const { violations } = await fuzzSessions({ serializer, other, state }, { count, seed });
      // else what was sent would be too good; sessions that go on show in the count of inputs alone
      expect(violations).toBeGreaterThan(count / 50);
      expect(violations).toBeLessThan(count);
    },
  );
});
