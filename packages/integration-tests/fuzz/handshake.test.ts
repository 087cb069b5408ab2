import { expect, test } from 'vitest';
import { fuzzHandshake } from './fuzz-handshake.js';
import { scaled, scaledTimeout, seed } from './settings.js';

test('AUTH-02, AUTH-04: 1,000 handshakes of every method let in who proved itself alone, and end in order', {
  timeout: scaledTimeout(60_000),
}, async () => {
  const count = scaled(1_000);
  const { challenged, welcomed, refused } = await fuzzHandshake({ count, seed });
  expect(welcomed + refused).toBe(count);
  // else what was sent would be too good, or too bad
  expect(challenged).toBeGreaterThan(count / 10);
  expect(welcomed).toBeGreaterThan(count / 100);
  expect(refused).toBeGreaterThan(count / 4);
});
