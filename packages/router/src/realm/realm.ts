import {
  type Clock,
  ConfigError,
  type Dict,
  describeUriFault,
  ErrorUri,
  type IdSource,
  type Peer,
} from '@wampkit/protocol';
import { anonymousAuthenticator } from '../authentication/anonymous.js';
import type { Authenticator } from '../authentication/authenticator.js';
import { Broker } from '../broker/broker.js';
import { Dealer } from '../dealer/dealer.js';
import type { EventStore, HistoryOptions } from '../event-store/event-store.js';
import { MemoryEventStore } from '../event-store/memory-event-store.js';
import { defaultRealmLimits } from '../limits.js';
import { MetaEvents } from '../meta-api/meta-events.js';
import { Definitions } from '../reflection/definitions.js';
import type { RouterHooks } from '../router-events.js';
import { routerRoles } from '../router-features.js';
import type { Refusal } from '../session/refusal.js';
import { Session } from '../session/session.js';
import type { Identity } from '../session/session-details.js';
import { UriRules } from '../uri/uri-rules.js';
import { freshId, type RealmContext } from './realm-context.js';
import type { RealmOptions } from './realm-options.js';
import { openRole, RealmRoles, type Role } from './realm-roles.js';

/** What a session brings when it joins. */
export interface Joining {
  /** Reserved before. */
  readonly id: number;
  readonly peer: Peer;
  readonly identity: Identity;
  /** HELLO.Details.roles. */
  readonly roles: Dict;
  readonly abort: (reason: string, message: string) => void;
  readonly goodbye: (reason: string, message: string | null) => void;
}

/** What the realms of a router share. */
export interface RealmSurroundings {
  readonly ids: IdSource;
  readonly hooks: RouterHooks;
  readonly clock: Clock;
  /** A realm that no template made, by its name. */
  readonly findRealm: (name: string) => Realm | undefined;
}

/** A routing domain: its sessions, broker, dealer, authentication methods and roles. */
export class Realm {
  readonly name: string;
  /** By method; the client's order decides among them. */
  readonly authenticators: ReadonlyMap<string, Authenticator>;
  readonly broker: Broker;
  readonly dealer: Dealer;
  readonly hooks: RouterHooks;
  readonly meta: MetaEvents = new MetaEvents();
  /** What is defined for reflection (REFL-01). */
  readonly definitions: Definitions = new Definitions();
  readonly rules: UriRules;
  /** WELCOME.Details.roles. */
  readonly features: Dict;
  /** As it was asked for. */
  readonly options: RealmOptions;
  readonly #context: RealmContext;
  /** `null`: open, whatever the role. */
  readonly #roles: RealmRoles | null;
  readonly #strictRequestIds: boolean;
  readonly #sessions = new Map<number, Session>();
  readonly #taken = new Set<number>();
  /** Ids of the router's own sessions, which keep no realm alive. */
  readonly #own = new Set<number>();
  /** Set for a realm that a template made: nobody is in it, or on the way into it, any more. */
  onEmpty: (() => void) | null = null;

  /** @throws {ConfigError} when its name is no URI, or a method or role is given twice */
  constructor(options: RealmOptions, shared: RealmSurroundings) {
    const fault = describeUriFault(options.name);
    if (fault !== null) throw new ConfigError(`realm ${JSON.stringify(options.name)}: no URI: ${fault}`);
    this.name = options.name;
    this.options = options;
    const isOpen = options.authenticators === undefined && options.roles === undefined;
    this.authenticators = methods(
      options.name,
      isOpen ? [anonymousAuthenticator({ role: 'anonymous' })] : (options.authenticators ?? []),
    );
    this.#roles = isOpen ? null : new RealmRoles(this, options.roles ?? [], shared);
    this.#strictRequestIds = options.requestIds === 'strict';
    this.hooks = shared.hooks;
    const store = options.eventStore?.(options.name) ?? new MemoryEventStore(shared.clock);
    this.rules = new UriRules(options.uriCheck ?? 'loose');
    this.#context = {
      name: options.name,
      ...shared,
      meta: this.meta,
      retained: store.openRetained(options.retain ?? {}),
      rules: this.rules,
      limits: { ...defaultRealmLimits, ...options.limits },
      timeouts: { callTimeout: options.callTimeout ?? 0, maxCallTimeout: options.maxCallTimeout ?? 0 },
      disconnectSlow: options.slowConsumer?.events === 'disconnect',
    };
    this.broker = new Broker(this.#context);
    this.#keepHistories(store, options.history ?? []);
    this.dealer = new Dealer(this.#context);
    this.features = routerRoles({
      metaApi: options.metaApi !== false,
      history: (options.history ?? []).length > 0,
      trustlevels: options.roles?.some(({ trustlevel }) => trustlevel !== undefined) ?? false,
    });
  }

  /** Whether a template made it. */
  get isMade(): boolean {
    return this.onEmpty !== null;
  }

  /** The sessions that have joined, without the router's own. */
  get sessions(): ReadonlyMap<number, Session> {
    return this.#sessions;
  }

  /** Takes an id for a session that may join (AUTH-06): random, and of no other session of the realm (BP-ID-02). */
  reserveId(): number {
    const id = freshId(this.#context.ids, this.#taken);
    this.#taken.add(id);
    return id;
  }

  /** Takes this very id, unless another session of the realm has it. */
  reserveThis(id: number): boolean {
    if (this.#taken.has(id)) return false;
    this.#taken.add(id);
    return true;
  }

  /** Gives back the id of a session that did not join, or is gone. */
  releaseId(id: number): void {
    this.#taken.delete(id);
    this.#own.delete(id);
    if (this.#taken.size === this.#own.size) this.onEmpty?.();
  }

  /** The role of that name; in an open realm every one may do everything. */
  findRole(name: string): Role | undefined {
    return this.#roles === null ? openRole : this.#roles.get(name);
  }

  /** Lets a session in, or says why not. */
  join(joining: Joining): Session | Refusal {
    const { authrole } = joining.identity;
    const role = this.findRole(authrole);
    if (role === undefined)
      return { uri: ErrorUri.NoSuchRole, text: `realm "${this.name}" has no role "${authrole}"` };
    const limit = this.#context.limits.sessions;
    if (limit > 0 && this.#sessions.size >= limit)
      return { uri: ErrorUri.Unavailable, text: `realm "${this.name}" takes ${limit} sessions at a time` };
    const session = this.#makeSession(joining, role, false);
    this.#sessions.set(session.id, session);
    this.meta.sessionJoined(session);
    return session;
  }

  /** Lets a session of the router itself in: it may use reserved URIs, and the meta API does not tell of it. */
  joinLocal(joining: Joining): Session {
    this.#own.add(joining.id);
    return this.#makeSession(joining, openRole, true);
  }

  /** Removes a session and all that it holds (BP-SESS-07). */
  leave(session: Session): void {
    this.#sessions.delete(session.id);
    const tellUnsubscribed = this.broker.leave(session);
    if (session.testaments !== null && !session.leavesQuietly) this.#publishTestaments(session); // A15
    tellUnsubscribed();
    this.dealer.leave(session);
    for (const change of this.definitions.leave(session)) this.meta.redefined(change);
    if (!session.local && !session.leavesQuietly) this.meta.sessionLeft(session);
    this.releaseId(session.id);
  }

  /** Ends what the realm itself has under way; for when its sessions are gone. */
  close(): void {
    this.#roles?.close();
    this.dealer.close();
  }

  /** Resolves when others have been served. */
  nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.#context.clock.setTimer(0, resolve);
    });
  }

  /* TEST-04: with the rights that the session had. */
  #publishTestaments(session: Session): void {
    const testaments = session.testaments?.all() ?? [];
    session.testaments = null;
    const { authorization } = session;
    for (const { message, decision } of testaments) {
      const publish = (): void => this.broker.publish(session, message);
      if (authorization === null || decision === null) publish();
      else authorization.during({ action: 'publish', uri: message.topic, match: 'exact' }, decision, publish);
    }
  }

  /* HIST-02 */
  #keepHistories(store: EventStore, histories: readonly HistoryOptions[]): void {
    for (const options of histories) {
      const { topic, match = 'exact', limit } = options;
      const name = `realm ${JSON.stringify(this.name)}: history of ${match} ${JSON.stringify(topic)}`;
      const fault = this.rules.patternFault(topic, match);
      if (fault !== '') throw new ConfigError(`${name}: no URI: ${fault}`);
      if (!(Number.isSafeInteger(limit) && limit > 0))
        throw new ConfigError(`${name}: limit must be a positive integer`);
      const { subscriptions } = this.broker;
      if (subscriptions.get(topic, match) !== undefined) throw new ConfigError(`${name} is given twice`);
      subscriptions.create(topic, match, store.openHistory(options));
    }
  }

  #makeSession(joining: Joining, role: Role, local: boolean): Session {
    return new Session({ ...joining, ...role, local, strictRequestIds: this.#strictRequestIds });
  }
}

function methods(realm: string, authenticators: readonly Authenticator[]): Map<string, Authenticator> {
  const byMethod = new Map<string, Authenticator>();
  for (const authenticator of authenticators) {
    const { method } = authenticator;
    if (byMethod.has(method)) throw new ConfigError(`realm "${realm}": method "${method}" is given twice`);
    byMethod.set(method, authenticator);
  }
  return byMethod;
}
