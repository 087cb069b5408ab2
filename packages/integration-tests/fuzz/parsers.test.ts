import { expect, test } from 'vitest';
import { fuzzConfig } from './fuzz-config.js';
import { fuzzValues } from './fuzz-values.js';
import { scaled, scaledTimeout, seed } from './settings.js';

test('config: of 500 files like the reference file each is read, or refused with a ConfigError', {
  timeout: scaledTimeout(60_000),
}, () => {
  const count = scaled(500);
  const read = fuzzConfig({ count, seed });
  expect(read).toBeGreaterThan(count / 50);
  expect(read).toBeLessThan(count);
});

test('wamp-cli: of 1,000 command lines each is read, or a usage error', {
  timeout: scaledTimeout(60_000),
}, async () => {
  const count = scaled(1_000);
  const read = await fuzzValues({ count, seed });
  expect(read).toBeGreaterThan(count / 10);
  expect(read).toBeLessThan(count);
});
