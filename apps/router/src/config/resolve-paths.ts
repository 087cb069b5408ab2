import { resolve } from 'node:path';
import type { AuthenticationConfig } from './authentication-schema.js';
import type { ListenerConfig } from './listener-schema.js';
import type { RealmConfig } from './realm-schema.js';
import type { RouterConfig } from './schema.js';

/** Makes the relative file paths of a config absolute: they start at the config file's folder. */
export function resolvePaths(config: RouterConfig, folder: string): RouterConfig {
  return {
    ...config,
    listeners: config.listeners.map((listener) => resolveListener(listener, folder)),
    realms: config.realms.map((realm) => resolveRealm(realm, folder)),
  };
}

function resolveListener(listener: ListenerConfig, folder: string): ListenerConfig {
  const { bind, tls } = listener;
  return {
    ...listener,
    bind: bind.startsWith('unix:') ? `unix:${resolve(folder, bind.slice('unix:'.length))}` : bind,
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...tls,
            certificate: resolve(folder, tls.certificate),
            key: resolve(folder, tls.key),
            ...(tls.clientCa === undefined ? {} : { clientCa: resolve(folder, tls.clientCa) }),
          },
        }),
  };
}

function resolveRealm(realm: RealmConfig, folder: string): RealmConfig {
  if (realm.authentication === undefined) return realm;
  return { ...realm, authentication: realm.authentication.map((method) => resolveMethod(method, folder)) };
}

function resolveMethod(method: AuthenticationConfig, folder: string): AuthenticationConfig {
  if (method.method === 'jwt') {
    const isFile = method.jwks?.startsWith('file:') ?? false;
    return isFile ? { ...method, jwks: `file:${resolve(folder, (method.jwks as string).slice(5))}` } : method;
  }
  if (!('usersFile' in method) || method.usersFile === undefined) return method;
  return { ...method, usersFile: resolve(folder, method.usersFile) };
}
