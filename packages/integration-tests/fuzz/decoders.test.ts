import { expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { fuzzDecoder } from './fuzz-decoder.js';
import { scaled, scaledTimeout, seed } from './settings.js';

const count = scaled(100_000);

test.each(Object.values(serializers))(
  'BP-SER-05: of 100,000 inputs $name takes none amiss',
  { timeout: scaledTimeout(60_000) },
  (serializer) => {
    const { accepted } = fuzzDecoder(serializer, { count, seed });
    // else the inputs would be too coarse, or too good, to test anything
    expect(accepted).toBeGreaterThan(count / 10);
    expect(accepted).toBeLessThan(count * 0.9);
  },
);
