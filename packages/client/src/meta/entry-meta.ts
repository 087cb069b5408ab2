import { type Args, isId, type MatchPolicy } from '@wampkit/protocol';
import type { CallOptions, PayloadInput, SubscribeOptions } from '../options.js';
import type { Subscription } from '../subscriptions/subscription.js';
import {
  ask,
  type IdsByMatch,
  type MetaClient,
  readCount,
  readIdOrNull,
  readIds,
  readIdsByMatch,
  readInfo,
  readNothing,
  watch,
} from './meta-call.js';

/** What the router tells of a registration and of a subscription alike. */
export interface EntryInfo {
  readonly id: number;
  /** When it was created, ISO 8601. */
  readonly created: string;
  readonly uri: string;
  readonly match: MatchPolicy;
  readonly [name: string]: unknown;
}

/** Where the two meta APIs differ. */
interface Words {
  readonly prefix: 'wamp.registration' | 'wamp.subscription';
  /** Who holds an entry. */
  readonly holder: 'callee' | 'subscriber';
}

/** What the meta APIs of registrations and of subscriptions have in common. */
export abstract class EntryMeta<Info extends EntryInfo> {
  readonly #client: MetaClient;
  readonly #words: Words;

  /** @internal */
  constructor(client: MetaClient, words: Words) {
    this.#client = client;
    this.#words = words;
  }

  /** The ids of all. */
  list(options?: CallOptions): Promise<IdsByMatch> {
    return this.ask('list', { options }, readIdsByMatch);
  }

  /** The id of what bears exactly this URI and match policy (default `exact`); `null`: none does. */
  lookup(uri: string, { match, ...options }: CallOptions & { readonly match?: MatchPolicy } = {}) {
    const args = match === undefined ? [uri] : [uri, { match }];
    return this.ask('lookup', { payload: { args }, options }, readIdOrNull);
  }

  get(id: number, options?: CallOptions): Promise<Info> {
    return this.ask('get', { payload: { args: [id] }, options }, (value) => readInfo<Info>(value, 'id'));
  }

  onCreate(handler: (session: number, info: Info) => unknown, options?: SubscribeOptions) {
    const read = ([session, value]: Args): [number, Info] | undefined => {
      const info = readInfo<Info>(value, 'id');
      return isId(session) && info !== undefined ? [session, info] : undefined;
    };
    const topic = `${this.#words.prefix}.on_create`;
    return watch(
      this.#client,
      { topic, options },
      { read, handler: ([session, info]) => handler(session, info) },
    );
  }

  /** After the last holder went. */
  onDelete(handler: (session: number, id: number) => unknown, options?: SubscribeOptions) {
    return this.watch('on_delete', handler, options);
  }

  /** @internal */
  protected ask<T>(
    verb: string,
    { payload, options }: { payload?: PayloadInput; options: CallOptions | undefined },
    read: (value: unknown, args: Args) => T | undefined,
  ): Promise<T> {
    const procedure = `${this.#words.prefix}.${verb}`;
    return ask(this.#client, { procedure, ...(payload && { payload }), ...(options && { options }) }, read);
  }

  /** @internal Events whose arguments are a session and an id. */
  protected watch(
    event: string,
    handler: (session: number, id: number) => unknown,
    options: SubscribeOptions | undefined,
  ): Promise<Subscription> {
    const read = ([session, id]: Args): [number, number] | undefined =>
      isId(session) && isId(id) ? [session, id] : undefined;
    const topic = `${this.#words.prefix}.${event}`;
    return watch(
      this.#client,
      { topic, options },
      { read, handler: ([session, id]) => handler(session, id) },
    );
  }

  /** @internal */
  protected holders(id: number, options: CallOptions | undefined): Promise<readonly number[]> {
    return this.ask(`list_${this.#words.holder}s`, { payload: { args: [id] }, options }, readIds);
  }

  /** @internal */
  protected countHolders(id: number, options: CallOptions | undefined): Promise<number> {
    return this.ask(`count_${this.#words.holder}s`, { payload: { args: [id] }, options }, readCount);
  }

  /** @internal */
  protected async removeHolder(
    id: number,
    session: number,
    { reason, ...options }: CallOptions & { readonly reason?: string },
  ): Promise<void> {
    const payload = { args: [id, session], kwargs: reason === undefined ? {} : { reason } };
    await this.ask(`remove_${this.#words.holder}`, { payload, options }, readNothing);
  }
}
