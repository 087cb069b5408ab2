import { type Clock, ConfigError, describeUriFault } from '@wampkit/protocol';
import type { Authorizer } from '../authorization/authorizer.js';
import { OpenQuestions } from '../authorization/open-questions.js';
import { ProcedureAuthorizer } from '../authorization/procedure-authorizer.js';
import { RolePermissions } from '../authorization/role-permissions.js';
import type { AskingRole } from '../authorization/session-authorization.js';
import { AUTHORIZER_CACHE_TIME, AUTHORIZER_TIMEOUT } from '../limits.js';
import type { Realm } from './realm.js';
import type { RoleOptions } from './realm-options.js';

/** A role as its sessions need it. */
export interface Role {
  readonly permissions: RolePermissions;
  /** `null`: the permissions decide alone. */
  readonly asking: AskingRole | null;
  readonly trustlevel: number | null;
}

/** What everybody has in an open realm, and the router's own sessions. */
export const openRole: Role = { permissions: RolePermissions.open, asking: null, trustlevel: null };

/** The roles of a realm by name, and the authorizers that they share. */
export class RealmRoles {
  readonly #byName = new Map<string, Role>();
  readonly #procedures: ProcedureAuthorizer[] = [];
  readonly #realm: Realm;
  readonly #clock: Clock;
  readonly #findRealm: (name: string) => Realm | undefined;
  readonly #questions = new OpenQuestions();

  /** @throws {ConfigError} when a role is given twice, or one of its options is malformed */
  constructor(
    realm: Realm,
    roles: readonly RoleOptions[],
    shared: { readonly clock: Clock; readonly findRealm: (name: string) => Realm | undefined },
  ) {
    this.#realm = realm;
    this.#clock = shared.clock;
    this.#findRealm = shared.findRealm;
    for (const role of roles) this.#add(role);
  }

  get(name: string): Role | undefined {
    return this.#byName.get(name);
  }

  /** Ends the sessions on which authorizers are asked. */
  close(): void {
    for (const authorizer of this.#procedures) authorizer.close();
  }

  #add(options: RoleOptions): void {
    const { name, trustlevel = null } = options;
    const where = `realm "${this.#realm.name}": role "${name}"`;
    if (this.#byName.has(name)) throw new ConfigError(`${where} is given twice`);
    if (trustlevel !== null && !(Number.isSafeInteger(trustlevel) && trustlevel >= 0))
      throw new ConfigError(`${where}: trustlevel must be an integer of 0 or more`);
    const permissions = new RolePermissions(options.permissions);
    const authorizer = this.#authorizerOf(options, where);
    const asking =
      authorizer === null ? null : { ...this.#boundsOf(options, where), permissions, authorizer };
    this.#byName.set(name, { permissions, asking, trustlevel });
  }

  #authorizerOf({ authorizer }: RoleOptions, where: string): Authorizer | null {
    if (authorizer === undefined) return null;
    if ('authorize' in authorizer) return authorizer;
    const { procedure, realm } = authorizer;
    const fault = describeUriFault(procedure);
    if (fault !== null)
      throw new ConfigError(`${where}: authorizer ${JSON.stringify(procedure)}: no URI: ${fault}`);
    const own = this.#realm;
    const find = realm === undefined || realm === own.name ? () => own : () => this.#findRealm(realm);
    const asked = new ProcedureAuthorizer(procedure, own, find);
    this.#procedures.push(asked);
    return asked;
  }

  #boundsOf(
    { authorizerTimeout = AUTHORIZER_TIMEOUT, authorizerCacheTime = AUTHORIZER_CACHE_TIME }: RoleOptions,
    where: string,
  ): Pick<AskingRole, 'timeout' | 'cacheTime' | 'clock' | 'questions'> {
    if (!(authorizerTimeout > 0)) throw new ConfigError(`${where}: authorizerTimeout must be above 0`);
    if (!(authorizerCacheTime >= 0)) throw new ConfigError(`${where}: authorizerCacheTime must be 0 or more`);
    return {
      timeout: authorizerTimeout,
      cacheTime: authorizerCacheTime,
      clock: this.#clock,
      questions: this.#questions,
    };
  }
}
