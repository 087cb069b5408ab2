import fc from 'fast-check';

/** What a client may do next; the verbs that matter most come up most often. */
const verbs = {
  join: 3,
  subscribe: 12,
  unsubscribe: 5,
  publish: 16,
  register: 16,
  unregister: 4,
  call: 22,
  chunk: 6,
  yield: 12,
  progress: 5,
  error: 8,
  cancel: 6,
  testament: 8,
  history: 4,
  revoke: 4,
  inspect: 3,
  kill: 2,
  wait: 5,
  decide: 14,
  goodbye: 2,
  abort: 1,
  drop: 2,
  violate: 1,
  congest: 3,
  shrink: 3,
} as const;

type Verb = keyof typeof verbs;

/**
 * One thing that one client does. The numbers choose among what there is when its turn comes, so that any list of
 * actions makes sense and a failing one can be shortened.
 */
export interface Action {
  readonly verb: Verb;
  readonly client: number;
  /** Choose URIs, ids and options. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Whether the router gets it together with the next, or the next waits until all is quiet. */
  readonly hasty: boolean;
}

const verb = fc.oneof(
  ...Object.entries(verbs).map(([name, weight]) => ({ arbitrary: fc.constant(name as Verb), weight })),
);
// evenly spread: small numbers mean nothing here
const number = fc.noBias(fc.nat({ max: 0xffff }));

/** Lists of actions. */
export const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    verb,
    client: fc.noBias(fc.nat({ max: 5 })),
    a: number,
    b: number,
    c: number,
    hasty: fc.boolean(),
  }),
  { minLength: 10, maxLength: 200, size: 'max' },
);
