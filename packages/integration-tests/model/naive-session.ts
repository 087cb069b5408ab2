import { type Dict, type Hello, hasFeature } from '@wampkit/protocol';
import { FreshId } from './placeholder.js';

/** The role that may not be disclosed; everything else is allowed to everybody. */
export const SHY = 'shy';

/** What the model knows of a session. */
export class NaiveSession {
  readonly id = new FreshId();
  readonly connection: number;
  readonly authid: string;
  readonly authrole: string;
  readonly cancelable: boolean;
  readonly progressive: boolean;
  /** PUBLISH, CALL and the rest, in strict mode. */
  lastRequest = 0;
  lastInvocation = 0;

  constructor(connection: number, { details }: Hello) {
    const extra = details.authextra as Dict;
    const roles = details.roles as Dict;
    this.connection = connection;
    this.authid = extra.authid as string;
    this.authrole = extra.authrole as string;
    this.cancelable = hasFeature(roles, 'callee', 'call_canceling');
    this.progressive = this.cancelable && hasFeature(roles, 'callee', 'progressive_call_results');
  }

  /** Whether others may be told who it is. */
  get discloses(): boolean {
    return this.authrole !== SHY;
  }
}
