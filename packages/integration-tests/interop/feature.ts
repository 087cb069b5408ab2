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

/** A way to authenticate: a column of the table of methods in docs/reference/interop.md. */
export type AuthWay =
  | 'anonymous'
  | 'ticket'
  | 'wampcra'
  | 'wampcra, salted'
  | 'cryptosign'
  | 'cryptosign without authid'
  | 'cryptosign, tls-unique'
  | 'wamp-scram';

/** Ways to authenticate that another program lacks, with what it does instead. */
export type LackedAuth = Readonly<Partial<Record<AuthWay, string>>>;

/** Features that another program lacks, with what it does instead. */
export type Lacks = Readonly<Partial<Record<Feature, string>>>;

declare module 'vitest' {
  interface TaskMeta {
    /** Where a test counts in docs/reference/interop.md. */
    feature?: Feature;
    /** Told by the test of `join`, for its row. */
    lacks?: Lacks;
    /** Where a test counts in the table of methods. */
    authWay?: AuthWay;
    /** Told by one test of each program, for its row. */
    lackedAuth?: LackedAuth;
  }
}
