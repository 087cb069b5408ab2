import { type Args, type Dict, isDict, isUri } from '@wampkit/protocol';
import type { CallOptions, SubscribeOptions } from '../options.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { ask, type MetaClient, watch } from './meta-call.js';

/** What a URI can be defined as. */
export type DefinedKind = 'procedure' | 'topic' | 'error';

/** What a URI is defined as. */
export interface DefineOptions extends CallOptions {
  /** Default: a procedure and a topic, as far as the session may register the one and publish to the other. */
  readonly kind?: DefinedKind;
}

/** A URI that is described anew (REFL-01). */
export interface Defined {
  readonly uri: string;
  readonly schema: Dict;
  /** Whether nothing described it before. */
  readonly isNew: boolean;
  /** `null` where the router does not tell. */
  readonly kind: DefinedKind | null;
}

/** A URI that nothing describes any more (REFL-01). */
export type Undescribed = Pick<Defined, 'uri' | 'kind'>;

/**
 * Reflection (REFL-01): what callees and publishers tell of their procedures, topics and errors. The router tells a session
 * of what it may call or subscribe to alone.
 *
 * Its calls reject as `Client.call` does: RequestErrors of the router are `wamp.error.not_authorized` for what the session
 * may not provide, `wamp.error.unavailable` for too many definitions, `wamp.error.no_such_procedure` where the realm has
 * no reflection.
 */
export class ReflectionMeta {
  readonly #client: MetaClient;

  /** @internal */
  constructor(client: MetaClient) {
    this.#client = client;
  }

  /**
   * Describes a URI that the session provides, or replaces what it said of it. The definition is the session's: after a
   * reconnect there is none.
   *
   * @param schema any dict, such as JSON Schemas of arguments and results
   * @returns whether nothing described it before
   */
  define(uri: string, schema: Dict, options: DefineOptions = {}): Promise<boolean> {
    return this.#define(uri, schema, options);
  }

  /** Takes back what the session defined. @returns whether there was anything */
  undefine(uri: string, options: DefineOptions = {}): Promise<boolean> {
    return this.#define(uri, null, options);
  }

  /** What describes a URI, as that kind, or as any when `kind` is absent; `null`: nothing. */
  describe(uri: string, { kind, ...options }: DefineOptions = {}): Promise<Dict | null> {
    const procedure = kind === undefined ? 'wamp.reflect.describe' : `wamp.reflection.${kind}.describe`;
    const read = (value: unknown) => (isDict(value) ? value : value === null ? null : undefined);
    return ask(this.#client, { procedure, payload: { args: [uri] }, options }, read);
  }

  /** The URIs of one kind; registered procedures are among them whether they are described or not. */
  list(kind: DefinedKind, options?: CallOptions): Promise<readonly string[]> {
    const call = { procedure: `wamp.reflection.${kind}.list`, ...(options && { options }) };
    return ask(this.#client, call, readUris);
  }

  onDefine(handler: (defined: Defined) => unknown, options?: SubscribeOptions): Promise<Subscription> {
    return watch(this.#client, { topic: 'wamp.reflect.on_define', options }, { read: readDefined, handler });
  }

  onUndefine(
    handler: (undescribed: Undescribed) => unknown,
    options?: SubscribeOptions,
  ): Promise<Subscription> {
    const read = ([uri, kind]: Args) =>
      typeof uri === 'string' && isUri(uri) ? { uri, kind: readKind(kind) } : undefined;
    return watch(this.#client, { topic: 'wamp.reflect.on_undefine', options }, { read, handler });
  }

  #define(uri: string, schema: Dict | null, { kind, ...options }: DefineOptions): Promise<boolean> {
    const payload = { args: [uri, schema], kwargs: kind === undefined ? {} : { kind } };
    const call = { procedure: 'wamp.reflect.define', payload, options };
    // some routers answer the URI that is no longer described, or nothing
    return ask(this.#client, call, (value) => value === true || typeof value === 'string');
  }
}

function readUris(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((uri) => typeof uri === 'string') ? value : undefined;
}

function readDefined([uri, schema, isNew, kind]: Args): Defined | undefined {
  if (typeof uri !== 'string' || !isDict(schema)) return undefined;
  return { uri, schema, isNew: isNew === true, kind: readKind(kind) };
}

function readKind(value: unknown): DefinedKind | null {
  return value === 'procedure' || value === 'topic' || value === 'error' ? value : null;
}
