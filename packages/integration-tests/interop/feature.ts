import 'vitest';

/** What is tried with each program, transport and serializer: a column of docs/reference/interop.md. */
export type Feature =
  | 'join'
  | 'ticket'
  | 'call'
  | 'register'
  | 'events'
  | 'patterns'
  | 'unicode'
  | 'binary'
  | 'big integers'
  | 'errors'
  | 'leave';

/** Features that another program lacks, with what it does instead. */
export type Lacks = Readonly<Partial<Record<Feature, string>>>;

declare module 'vitest' {
  interface TaskMeta {
    /** Where a test counts in docs/reference/interop.md. */
    feature?: Feature;
    /** Told by the test of `join`, for its row. */
    lacks?: Lacks;
  }
}
