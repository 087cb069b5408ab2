import type { MatchPolicy } from '@wampkit/protocol';

/** The values of `--match`. */
export const matchPolicies: readonly MatchPolicy[] = ['exact', 'prefix', 'wildcard'];
