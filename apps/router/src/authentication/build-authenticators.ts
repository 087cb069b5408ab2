import { readFileSync } from 'node:fs';
import type { Clock } from '@wampkit/protocol';
import {
  type Authenticator,
  anonymousAuthenticator,
  CookieAuthenticator,
  type KnownUser,
  StaticUsers,
  ticketAuthenticator,
  tlsAuthenticator,
  type Users,
  usersByProcedure,
} from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { jwtAuthenticator } from '@wampkit/router/jwt';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';
import type { AuthenticationConfig } from '../config/authentication-schema.js';
import type { Env } from '../config/expand-env.js';
import type { RealmConfig } from '../config/realm-schema.js';
import type { MethodWithUsers, UsersOf } from '../config/users-schemas.js';
import type { Log } from '../log.js';
import type { WatchedFiles } from '../watched-files.js';
import { openReloadedUsers } from './reloaded-users.js';

/** What the methods of a realm need besides their config. */
export interface AuthenticationSurroundings {
  readonly clock: Clock;
  readonly env: Env;
  readonly files: WatchedFiles;
  readonly log: Log | null;
}

type Config<Method extends string> = Extract<AuthenticationConfig, { method: Method }>;

/** The authenticators of a realm's methods. */
export function buildAuthenticators(
  realm: RealmConfig,
  surroundings: AuthenticationSurroundings,
): Authenticator[] {
  return new AuthenticatorBuilder(realm, surroundings).build();
}

class AuthenticatorBuilder {
  readonly #realm: RealmConfig;
  readonly #name: string;
  readonly #roles: readonly string[];
  readonly #surroundings: AuthenticationSurroundings;
  #cookies: CookieAuthenticator | null = null;

  constructor(realm: RealmConfig, surroundings: AuthenticationSurroundings) {
    this.#realm = realm;
    this.#name = (realm.name ?? realm.template) as string;
    this.#roles = (realm.roles ?? []).map(({ name }) => name);
    this.#surroundings = surroundings;
  }

  build(): Authenticator[] {
    return (this.#realm.authentication ?? []).map((method) => this.#build(method));
  }

  #build(method: AuthenticationConfig): Authenticator {
    const { clock } = this.#surroundings;
    switch (method.method) {
      case 'anonymous':
        return anonymousAuthenticator(
          method.authenticator === undefined ? { role: method.role } : { users: procedureOf(method) },
        );
      case 'ticket':
        return ticketAuthenticator({ users: this.#users('ticket', method) });
      case 'wampcra':
        return wampcraAuthenticator({
          users: this.#users('wampcra', method) as never,
          clock,
          ...saltsOf(method),
        });
      case 'wamp-scram':
        return wampScramAuthenticator({
          users: this.#users('wamp-scram', method) as never,
          ...saltsOf(method),
        });
      case 'cryptosign':
        return cryptosignAuthenticator({
          users: this.#users('cryptosign', method),
          ...(method.routerKey === '' ? {} : { routerKey: method.routerKey }),
        });
      case 'tls':
        return tlsAuthenticator({ users: this.#users('tls', method) });
      case 'jwt':
        return this.#jwt(method);
      case 'cookie':
        return this.#cookie(method);
    }
  }

  #users<Method extends MethodWithUsers>(
    method: Method,
    config: {
      readonly users?: UsersOf<Method> | undefined;
      readonly usersFile?: string | undefined;
    } & Dynamic,
  ): Users<UsersOf<Method>[string] & KnownUser> {
    if (config.authenticator !== undefined) return procedureOf(config);
    const users = (config.users ?? {}) as UsersOf<Method>;
    if (config.usersFile === undefined)
      return new StaticUsers(users as Readonly<Record<string, UsersOf<Method>[string] & KnownUser>>);
    return openReloadedUsers({
      method,
      realm: this.#name,
      users,
      file: config.usersFile,
      roles: this.#roles,
      ...this.#surroundings,
      changed: (authids) => this.#cookies?.revoke(({ authid }) => authids.includes(authid)),
    });
  }

  #cookie(config: Config<'cookie'>): Authenticator {
    const users = config.authenticator === undefined ? {} : { users: procedureOf(config) };
    this.#cookies = new CookieAuthenticator({
      maxAge: config.maxAge,
      clock: this.#surroundings.clock,
      ...users,
    });
    return this.#cookies;
  }

  #jwt(config: Config<'jwt'>): Authenticator {
    if (config.authenticator !== undefined) return jwtAuthenticator({ users: procedureOf(config) });
    const { issuer, audience, role, roleClaim, authidClaim, clockTolerance } = config;
    return jwtAuthenticator({
      keys: this.#jwtKeys(config),
      roles: this.#roles,
      roleClaim,
      authidClaim,
      clockTolerance,
      clock: this.#surroundings.clock,
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
      ...(role === undefined ? {} : { role }),
    });
  }

  #jwtKeys({
    jwks,
    key,
  }: Config<'jwt'>): Parameters<typeof jwtAuthenticator>[0] extends infer Options
    ? Extract<Options, { keys: unknown }>['keys']
    : never {
    if (jwks === undefined) return { secret: key as string };
    if (!jwks.startsWith('file:')) return { jwks };
    const file = jwks.slice('file:'.length);
    let keySet = readKeySet(file);
    this.#surroundings.files.add(file, () => {
      try {
        keySet = readKeySet(file);
      } catch {
        const told = { realm: this.#name, file };
        this.#surroundings.log?.error(told, 'keys cannot be read again; they stay as they were');
      }
    });
    return { keySet: () => keySet };
  }
}

function readKeySet(file: string) {
  const keySet = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(keySet?.keys)) throw new TypeError('no JSON Web Key Set');
  return keySet;
}

interface Dynamic {
  readonly authenticator?: string | undefined;
  readonly authenticatorRealm?: string | undefined;
  readonly authenticatorTimeout: number;
}

function procedureOf({ authenticator, authenticatorRealm: realm, authenticatorTimeout: timeout }: Dynamic) {
  return usersByProcedure(authenticator as string, { timeout, ...(realm === undefined ? {} : { realm }) });
}

function saltsOf({ saltKey }: { readonly saltKey?: string | undefined }): { decoySecret?: string } {
  return saltKey === undefined ? {} : { decoySecret: saltKey };
}
