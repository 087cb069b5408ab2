import type { RegisterOptions } from '@wampkit/client';

/** The values of `--invoke`. */
export const invokePolicies: readonly NonNullable<RegisterOptions['invoke']>[] = [
  'single',
  'first',
  'last',
  'roundrobin',
  'random',
];
