import { type Args, ErrorUri, isDict, isId, type MatchPolicy, WampError } from '@wampkit/protocol';
import type { Client } from '../client.js';
import type { EventMessage } from '../messages.js';
import type { CallOptions, PayloadInput, SubscribeOptions } from '../options.js';
import type { Subscription } from '../subscriptions/subscription.js';

/** What the meta API is asked through. */
export type MetaClient = Pick<Client, 'call' | 'subscribe'>;

/** Ids of registrations or subscriptions by their match policy (RMETA-04, UMETA-03). */
export type IdsByMatch = Readonly<Record<MatchPolicy, readonly number[]>>;

/** Calls a procedure of the meta API and reads its result, which must be what the specification says. */
export async function ask<T>(
  client: MetaClient,
  { procedure, payload, options }: { procedure: string; payload?: PayloadInput; options?: CallOptions },
  read: (value: unknown, args: Args) => T | undefined,
): Promise<T> {
  const { value, args } = await client.call(procedure, payload, options);
  const result = read(value, args);
  if (result !== undefined) return result;
  throw new WampError(`the router's answer to "${procedure}" is none that the meta API knows`, {
    uri: ErrorUri.InvalidArgument,
  });
}

/** Subscribes to an event of the meta API; one whose arguments the specification does not know is passed over. */
export function watch<T>(
  client: MetaClient,
  { topic, options }: { topic: string; options: SubscribeOptions | undefined },
  { read, handler }: { read: (args: Args) => T | undefined; handler: (told: T) => unknown },
): Promise<Subscription> {
  const take = (event: EventMessage): unknown => {
    const told = read(event.args);
    return told === undefined ? undefined : handler(told);
  };
  return client.subscribe(topic, take, options);
}

export function readNothing(): null {
  return null;
}

export function readCount(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function readIds(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) && value.every(isId) ? value : undefined;
}

/** `null` is "none"; some routers say 0. */
export function readIdOrNull(value: unknown): number | null | undefined {
  if (value === null || value === undefined || value === 0) return null;
  return isId(value) ? value : undefined;
}

export function readIdsByMatch(value: unknown): IdsByMatch | undefined {
  if (!isDict(value)) return undefined;
  const [exact, prefix, wildcard] = [value.exact ?? [], value.prefix ?? [], value.wildcard ?? []].map(
    readIds,
  );
  return exact && prefix && wildcard ? { exact, prefix, wildcard } : undefined;
}

/** A dict that bears an id under `key`. */
export function readInfo<T>(value: unknown, key: string): T | undefined {
  return isDict(value) && isId(value[key]) ? (value as T) : undefined;
}
