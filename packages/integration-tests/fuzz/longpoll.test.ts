import { expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { fuzzLongPoll } from './fuzz-longpoll.js';
import { scaled, scaledTimeout, seed } from './settings.js';

const kinds = Object.values(serializers).flatMap((serializer) =>
  [false, true].map((batched) => ({
    serializer,
    batched,
    title: `${serializer.name}${batched ? ', batched' : ''}`,
  })),
);

test.each(kinds)(
  'LP-03, BAT-02: 100 long-polls in $title with all sorts of bodies harm nobody',
  { timeout: scaledTimeout(60_000) },
  async (kind) => {
    const count = scaled(100);
    const { joined, violations } = await fuzzLongPoll(kind, { count, seed });
    expect(joined).toBeGreaterThan(count / 10);
    expect(violations).toBeGreaterThan(count / 10);
  },
);
