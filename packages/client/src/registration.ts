import { createDeferred } from './deferred.js';
import type { RegisterOptions } from './options.js';
import type { EndReason } from './subscription.js';

/** What a registration needs from those who keep it. */
export interface RegistrationKeeper {
  /** The wire's registration id, `null` while there is none. */
  id(): number | null;
  release(): Promise<void>;
}

/** A registered procedure. It lives through reconnects, under changing ids. */
export class Registration implements AsyncDisposable {
  readonly procedure: string;
  readonly options: RegisterOptions;
  /** Resolves once no more invocations come; never rejects. */
  readonly ended: Promise<EndReason>;
  readonly #keeper: RegistrationKeeper;
  readonly #ended = createDeferred<EndReason>();

  /** @internal */
  constructor(procedure: string, options: RegisterOptions, keeper: RegistrationKeeper) {
    this.procedure = procedure;
    this.options = options;
    this.ended = this.#ended.promise;
    this.#keeper = keeper;
  }

  /** REGISTERED.Registration of the current session; `null` while reconnecting and afterwards. */
  get id(): number | null {
    return this.#keeper.id();
  }

  /**
   * Ends the registration: no invocation starts after the call, the signals of those that run abort, and what they
   * still answer is sent. Resolves when the router has confirmed.
   */
  unregister(): Promise<void> {
    this.finish({ type: 'done' });
    return this.#keeper.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unregister();
  }

  /** @internal */
  finish(reason: EndReason): void {
    this.#ended.resolve(reason);
  }
}
