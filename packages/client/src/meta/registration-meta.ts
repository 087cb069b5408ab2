import type { CallOptions, RegisterOptions, SubscribeOptions } from '../options.js';
import { type EntryInfo, EntryMeta } from './entry-meta.js';
import { type MetaClient, readIdOrNull } from './meta-call.js';

/** A registration as the router tells of it (RMETA-03). */
export interface RegistrationInfo extends EntryInfo {
  readonly invoke: NonNullable<RegisterOptions['invoke']>;
}

/**
 * The registration meta API (RMETA). Its calls reject as `Client.call` does; RequestErrors of the router are
 * `wamp.error.no_such_registration` for an id that is none, and what `SessionMeta` names.
 */
export class RegistrationMeta extends EntryMeta<RegistrationInfo> {
  /** @internal */
  constructor(client: MetaClient) {
    super(client, { prefix: 'wamp.registration', holder: 'callee' });
  }

  /** The id of the registration that a call of `procedure` would go to; `null`: none. */
  match(procedure: string, options?: CallOptions): Promise<number | null> {
    return this.ask('match', { payload: { args: [procedure] }, options }, readIdOrNull);
  }

  /** Sessions of the callees. */
  callees(registration: number, options?: CallOptions): Promise<readonly number[]> {
    return this.holders(registration, options);
  }

  calleeCount(registration: number, options?: CallOptions): Promise<number> {
    return this.countHolders(registration, options);
  }

  /** Takes the registration from a callee, who is told if it announced `registration_revocation` (RREV-02). */
  removeCallee(
    registration: number,
    session: number,
    options: CallOptions & { readonly reason?: string } = {},
  ): Promise<void> {
    return this.removeHolder(registration, session, options);
  }

  /** After a callee was added, the first one after `onCreate` (RMETA-02). */
  onRegister(handler: (session: number, registration: number) => unknown, options?: SubscribeOptions) {
    return this.watch('on_register', handler, options);
  }

  /** After a callee went, the last one before `onDelete` (RMETA-02). */
  onUnregister(handler: (session: number, registration: number) => unknown, options?: SubscribeOptions) {
    return this.watch('on_unregister', handler, options);
  }
}
