import type { UriCheck } from '@wampkit/protocol';
import type { Authenticator } from '../authentication/authenticator.js';
import type { Authorizer, AuthorizerProcedure } from '../authorization/authorizer.js';
import type { Permission } from '../authorization/role-permissions.js';
import type { EventStore, HistoryOptions, RetainOptions } from '../event-store/event-store.js';
import type { RealmLimits } from '../limits.js';

/** A role and what it may do. */
export interface RoleOptions {
  readonly name: string;
  /** None: the role may do nothing, unless an authorizer lets it. */
  readonly permissions: readonly Permission[];
  /**
   * Who is asked where no rule of `permissions` decides (AZ-01, AZ-03). A rule that decides is final, whether it allows or
   * denies: an authorizer is not asked about what one of them says.
   */
  readonly authorizer?: Authorizer | AuthorizerProcedure;
  /** How long its answers may take, in milliseconds; then nothing is allowed (AZ-02). Default 5,000. */
  readonly authorizerTimeout?: number;
  /** How long an answer that says `cache` is held, in milliseconds. Default 60,000. */
  readonly authorizerCacheTime?: number;
  /**
   * Details.trustlevel of the INVOCATIONs and EVENTs that its sessions cause, an integer of 0 or more (CTL-01, PTL-01);
   * absent: not told.
   */
  readonly trustlevel?: number;
}

/**
 * A realm.
 *
 * With neither `authenticators` nor `roles` it is open: everybody may join as `anonymous`, do everything, and is
 * disclosed on request. Once either is present nothing is implied: only the listed methods, only the listed roles.
 */
export interface RealmOptions {
  /** A URI. */
  readonly name: string;
  /** The shape that URIs must have (BP-URI-02, BP-URI-04). Default `loose`. */
  readonly uriCheck?: UriCheck;
  /** `strict`: request ids must be 1, 2, 3 ... (BP-ID-07); `lenient`, the default: any id that is not in use. */
  readonly requestIds?: 'lenient' | 'strict';
  /** A client's order of methods decides among them. */
  readonly authenticators?: readonly Authenticator[];
  /**
   * Whether clients are not told that there is no user of that name: `wamp.error.authentication_denied` then takes the
   * place of `wamp.error.no_such_principal` (AUTH-04), and both have the same text. Default `false`.
   */
  readonly hideUnknownUsers?: boolean;
  readonly roles?: readonly RoleOptions[];
  /** Whether the meta API is served: its procedures and events. Default `true`. */
  readonly metaApi?: boolean;
  /** Whether the meta API offers `wamp.session.kill*`, subject to permissions as any call. Default `true`. */
  readonly sessionKill?: boolean;
  /** The topics whose events are kept for `wamp.subscription.get_events` (HIST-02). Default: none. */
  readonly history?: readonly HistoryOptions[];
  /** Bounds of retained events (RET). */
  readonly retain?: RetainOptions;
  /** Where histories and retained events are kept; in memory when absent. Called once, with the realm's name. */
  readonly eventStore?: (realm: string) => EventStore;
  readonly limits?: Partial<RealmLimits>;
  /** The time limit of calls that name none, in milliseconds (TMO-01). Default 0: none. */
  readonly callTimeout?: number;
  /** The most that any call gets, in milliseconds, whatever it names. Default 0: no bound. */
  readonly maxCallTimeout?: number;
  /** What happens to a subscriber that reads too slowly. `events`: `drop` (default) or `disconnect`. */
  readonly slowConsumer?: { readonly events?: 'drop' | 'disconnect' };
}

/**
 * Realms that are made when somebody first wants to join them, each a realm of its own with these options, and that go
 * with all that they keep when the last session has left.
 */
export interface RealmTemplateOptions extends Omit<RealmOptions, 'name'> {
  /** The names that it makes realms for: `*` stands for any characters, such as `tenant-*`. A realm of that name comes first. */
  readonly template: string;
}
