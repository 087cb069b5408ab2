import type { Message } from '@wampkit/protocol';

/** What an authorizer says in the end; `null`: nothing that can be used. */
export type NaiveVerdict = boolean | null;

/** What reached the router, in the order in which it took it. */
export type Input =
  | { readonly kind: 'message'; readonly connection: number; readonly message: Message }
  | { readonly kind: 'end'; readonly connection: number }
  | { readonly kind: 'congested'; readonly connection: number; readonly on: boolean }
  | { readonly kind: 'small'; readonly connection: number; readonly on: boolean }
  | { readonly kind: 'verdict'; readonly connection: number; readonly verdict: NaiveVerdict }
  | { readonly kind: 'attached'; readonly connection: number }
  | { readonly kind: 'time'; readonly ms: number; readonly connection?: never };

/**
 * What the router did: `['send', connection, ...wire message]`, `['close', connection]`, `['left', session]`,
 * `['dropped', session, subscription, cause]`, `['violation', connection]`. The model gives the same tuples, with
 * placeholders where it cannot know a value.
 */
export type Effect = readonly unknown[];

/** One input and all that the router did before the next. */
export interface Step {
  readonly input: Input;
  readonly effects: Effect[];
}

/** All that went in and out of a router, in order. The router is synchronous: effects belong to the last input. */
export class Trace {
  readonly steps: Step[] = [];

  input(input: Input): void {
    this.steps.push({ input, effects: [] });
  }

  effect(...effect: Effect): void {
    const step = this.steps.at(-1);
    if (step === undefined) throw new Error(`the router did something unasked: ${effect.join(' ')}`);
    step.effects.push(effect);
  }
}
