import { isDict, type MatchPolicy } from '@wampkit/protocol';
import type { CallOptions } from '../options.js';
import { ask, type MetaClient, readCount } from './meta-call.js';

/** What a session can be allowed to do with a URI. */
export type AuthorizedAction = 'call' | 'register' | 'publish' | 'subscribe';

/** Whether something is allowed, and what decides it. */
export interface AuthorizationInfo {
  /** The session that it is about; absent where it is about a role. */
  readonly session?: number;
  readonly role: string;
  readonly action: AuthorizedAction;
  readonly uri: string;
  readonly match: MatchPolicy;
  /** `null`: an authorizer decides, who has to be asked about a session. */
  readonly allowed: boolean | null;
  /** Whether it is not allowed because an authorizer could not decide. */
  readonly failed: boolean;
  /** What decides, such as `prefix "com.example."`, `authorizer "com.example.authorize"` or `no rule`. */
  readonly rule: string;
  /** Whether the session may be disclosed by it, when it asks for that. */
  readonly disclose: boolean;
  readonly [name: string]: unknown;
}

/** How the URI is meant. */
export interface ExplainOptions extends CallOptions {
  /** For `register` and `subscribe`. Default `exact`. */
  readonly match?: MatchPolicy;
}

/**
 * What the router says of its authorization. These procedures are wampkit's own: other routers do not have them.
 *
 * Its calls reject as `Client.call` does: RequestErrors of the router are `wamp.error.no_such_session`,
 * `wamp.error.no_such_role`, `wamp.error.not_authorized`, and `wamp.error.no_such_procedure` where there is no such API.
 */
export class AuthorizationMeta {
  readonly #client: MetaClient;

  /** @internal */
  constructor(client: MetaClient) {
    this.#client = client;
  }

  /**
   * Whether a session, by its id, or a role, by its name, may do something; without doing it.
   *
   * @example
   * const { allowed, rule } = await meta(client).authorization.explain('user', 'call', 'com.example.add');
   */
  explain(
    who: number | string,
    action: AuthorizedAction,
    uri: string,
    { match, ...options }: ExplainOptions = {},
  ): Promise<AuthorizationInfo> {
    const payload = { args: [who, action, uri, ...(match === undefined ? [] : [{ match }])] };
    return ask(this.#client, { procedure: 'wamp.authorization.explain', payload, options }, readInfo);
  }

  /**
   * Gives up the answers of authorizers that the router holds, of a session, of a role, or of all.
   *
   * @returns how many sessions it was about
   */
  flushCache(who?: number | string, options?: CallOptions): Promise<number> {
    const payload = { args: who === undefined ? [] : [who] };
    const call = { procedure: 'wamp.authorization.flush_cache', payload, ...(options && { options }) };
    return ask(this.#client, call, readCount);
  }
}

function readInfo(value: unknown): AuthorizationInfo | undefined {
  if (!isDict(value) || typeof value.rule !== 'string' || typeof value.role !== 'string') return undefined;
  const { allowed } = value;
  return allowed === null || typeof allowed === 'boolean'
    ? (value as unknown as AuthorizationInfo)
    : undefined;
}
