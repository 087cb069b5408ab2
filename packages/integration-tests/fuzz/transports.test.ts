import { expect, test } from 'vitest';
import { fuzzTransport } from './fuzz-transport.js';
import { scaled, scaledTimeout, seed } from './settings.js';

test.each(['ws', 'tcp', 'unix'] as const)(
  'BP-TRN-02, RS-03, RS-05, BP-SESS-07: 1,000 connections over %s harm nobody and leave nothing behind',
  { timeout: scaledTimeout(60_000) },
  async (transport) => {
    const count = scaled(1_000);
    const { joined, violations } = await fuzzTransport(transport, { count, seed });
    expect(joined).toBeGreaterThan(count / 10);
    expect(violations).toBeGreaterThan(count / 10);
  },
);
