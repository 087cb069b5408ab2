import { ConnectionLostError, RequestError, WampError } from '@wampkit/protocol';
import { onAbort } from '../abort-signal.js';
import { createDeferred } from '../deferred.js';
import type { Hooks } from '../hooks.js';
import type { Answer } from './pending-requests.js';
import { type RequestSpec, request } from './request.js';
import type { Session } from './session.js';

/** How a subscription or registration ended. */
export interface EndReason {
  /**
   * `done`: by the client, through `unsubscribe`, `unregister`, a signal, `leave` or `close`; `revoked`: by the router;
   * `failed`: the client closed for good, or the router refused to restore it after a reconnect.
   */
  readonly type: 'done' | 'revoked' | 'failed';
  /** For people or as URI, where the router gave one. */
  readonly reason?: string;
  readonly error?: WampError;
}

/** What a subscription or registration needs from those who keep it. */
export interface Keeper {
  /** The id on the wire, `null` while there is none. */
  id(): number | null;
  release(): Promise<void>;
}

/** A subscription or registration: kept through reconnects, under changing ids. */
export abstract class Kept<Options extends { readonly signal?: AbortSignal }> implements AsyncDisposable {
  readonly options: Options;
  /** Resolves once nothing more comes; never rejects. */
  readonly ended: Promise<EndReason>;
  readonly #keeper: Keeper;
  readonly #ended = createDeferred<EndReason>();

  /** @internal */
  constructor(options: Options, keeper: Keeper) {
    this.options = options;
    this.ended = this.#ended.promise;
    this.#keeper = keeper;
  }

  /** SUBSCRIBED.Subscription or REGISTERED.Registration of the current session; `null` while reconnecting and afterwards. */
  get id(): number | null {
    return this.#keeper.id();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.finish({ type: 'done' });
    return this.#keeper.release();
  }

  /** @internal Ends it when its signal aborts. */
  heedSignal(hooks: Hooks, what: string): void {
    const stop = onAbort(this.options.signal, () => {
      this[Symbol.asyncDispose]().catch((error) => hooks.report(error, what));
    });
    void this.ended.then(stop);
  }

  /** @internal @param what what the router revoked; @param reason `Details.reason` of how it said so */
  revoke(what: string, reason: unknown): void {
    const text = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
    const error = new WampError(`the router revoked the ${what}${text}`);
    this.finish({ type: 'revoked', error, ...(typeof reason === 'string' && { reason }) });
  }

  /** @internal */
  finish(reason: EndReason): void {
    this.#ended.resolve(reason);
  }
}

/** Sends UNSUBSCRIBE or UNREGISTER. Gone is gone, be it with the session or by a revocation that crossed: error `gone`. */
export async function giveBack<A extends Answer>(
  session: Session,
  spec: RequestSpec<A>,
  gone: string,
): Promise<void> {
  try {
    await request(session, spec);
  } catch (error) {
    if (error instanceof ConnectionLostError) return;
    if (!(error instanceof RequestError) || error.uri !== gone) throw error;
  }
}
