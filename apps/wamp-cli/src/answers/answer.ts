import type { InvocationContext } from '@wampkit/client';

/** Answers one invocation: what it gives or throws is the result or the ERROR. */
export type Answer = (invocation: InvocationContext) => unknown;
