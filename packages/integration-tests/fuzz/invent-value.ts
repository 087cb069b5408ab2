import type { Random } from './random.js';
import { optionKeys, optionWords } from './vocabulary.js';

const numbers = [
  ...[
    0,
    1,
    -1,
    2,
    255,
    256,
    65_535,
    65_536,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    2 ** 53 - 1,
    -(2 ** 53),
    1.5,
    -0,
    1e300,
  ],
];
const bigs = [2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n), -(2n ** 64n), 2n ** 300n];
const texts = ['', 'text', 'é€😀', '\u0000', '\u0000AQI=', '\u0000!', '"\\\n', 'x'.repeat(40), '1', 'null'];

/** Any value that an application may put into a payload. */
export function inventValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 3 ? 6 : 9)) {
    case 0:
      return random.pick(numbers);
    case 1:
      return random.pick(texts);
    case 2:
      return random.pick([true, false, null]);
    case 3:
      return random.pick(bigs);
    case 4:
      return random.bytes(random.below(20));
    case 5:
      return random.below(1000);
    case 6:
      return Array.from({ length: random.below(4) }, () => inventValue(random, depth + 1));
    case 7:
      return nest(random.once(40) ? 200 + random.below(60) : random.below(5));
    default:
      return inventDict(random, depth + 1);
  }
}

function inventDict(random: Random, depth: number): Record<string, unknown> {
  const dict: Record<string, unknown> = {};
  for (let n = random.below(4); n > 0; n--) {
    const value = inventValue(random, depth);
    // a plain assignment would lose __proto__
    Object.defineProperty(dict, random.pick([...texts, ...optionKeys]), {
      value,
      enumerable: true,
      configurable: true,
    });
  }
  return dict;
}

function nest(depth: number): unknown {
  let value: unknown = [];
  for (let n = 0; n < depth; n++) value = n % 3 === 0 ? { k: value } : [value];
  return value;
}

/** Options or Details: known keys, of the right type more often than not. */
export function inventOptions(random: Random): Record<string, unknown> {
  if (random.once(3)) return {};
  const dict = random.once(20) ? inventDict(random, 1) : {};
  for (let n = random.below(3); n > 0; n--) {
    const key = random.pick(optionKeys);
    const value = random.once(6) ? inventValue(random, 2) : rightValue(key, random);
    Object.defineProperty(dict, key, { value, enumerable: true, configurable: true });
  }
  return dict;
}

function rightValue(key: string, random: Random): unknown {
  if (key === 'match') return random.pick(['exact', 'prefix', 'wildcard']);
  if (key === 'mode') return random.pick(['skip', 'kill', 'killnowait']);
  if (key === 'timeout') return random.below(5000);
  if (key === 'exclude' || key === 'eligible') return [1 + random.below(60), 2 ** 53];
  if (/authid|authrole|authmethods/.test(key)) return [random.pick(optionWords)];
  if (key === 'roles') return { caller: {}, callee: { features: { call_canceling: random.once(2) } } };
  return random.once(2);
}
