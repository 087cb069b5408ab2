import { type Dict, type Hello, hasFeature, type Message } from '@wampkit/protocol';
import { FreshId } from './placeholder.js';

/** The role that may not be disclosed and that has a trust level; everything else is allowed to everybody. */
export const SHY = 'shy';

/** The trust level of the shy. */
export const SHY_TRUST = 3;

/** The role whose authorizer is asked, and answers late. */
export const ASKED = 'asked';

/** What its authorizer forbids at once: the router would ask a second time, about the topic within. */
export const forbidden: readonly string[] = ['wamp.session.add_testament', 'wamp.subscription.get_events'];

/** A publication to come. */
export interface NaiveTestament {
  readonly scope: 'detached' | 'destroyed';
  readonly topic: string;
  readonly options: Dict;
  readonly tail: readonly unknown[];
}

/** What the model knows of a session. */
export class NaiveSession {
  readonly id = new FreshId();
  readonly connection: number;
  readonly authid: string;
  readonly authrole: string;
  /** What it announced. */
  readonly cancelable: boolean;
  readonly progressive: boolean;
  readonly takesChunks: boolean;
  readonly sendsChunks: boolean;
  readonly timesCalls: boolean;
  readonly reroutes: boolean;
  readonly hearsUnregistered: boolean;
  readonly hearsUnsubscribed: boolean;
  /** PUBLISH, CALL and the rest, in strict mode. */
  lastRequest = 0;
  lastInvocation = 0;
  /** The message about which the authorizer has not answered; nothing is read behind it. */
  waiting: Message | null = null;
  testaments: NaiveTestament[] = [];
  /** Whether it went with all others, which is told to nobody. */
  quiet = false;
  /** Calls that ended before their last chunk came. */
  readonly ended = new Set<number>();

  constructor(connection: number, { details }: Hello) {
    const extra = details.authextra as Dict;
    const roles = details.roles as Dict;
    this.connection = connection;
    this.authid = extra.authid as string;
    this.authrole = extra.authrole as string;
    this.cancelable = hasFeature(roles, 'callee', 'call_canceling');
    this.progressive = this.cancelable && hasFeature(roles, 'callee', 'progressive_call_results');
    this.takesChunks = this.cancelable && hasFeature(roles, 'callee', 'progressive_call_invocations');
    this.sendsChunks = hasFeature(roles, 'caller', 'progressive_call_invocations');
    this.timesCalls = hasFeature(roles, 'callee', 'call_timeout');
    this.reroutes = hasFeature(roles, 'callee', 'call_reroute');
    this.hearsUnregistered = hasFeature(roles, 'callee', 'registration_revocation');
    this.hearsUnsubscribed = hasFeature(roles, 'subscriber', 'subscription_revocation');
  }

  /** Whether others may be told who it is. */
  get discloses(): boolean {
    return this.authrole !== SHY;
  }

  /** What callees and subscribers are told of its role. */
  get trust(): Dict {
    return this.authrole === SHY ? { trustlevel: SHY_TRUST } : {};
  }

  /** What callees or subscribers are told of it where it is disclosed. */
  disclosed(as: 'caller' | 'publisher'): Dict {
    return { [as]: this.id, [`${as}_authid`]: this.authid, [`${as}_authrole`]: this.authrole };
  }
}
