import { resolve } from 'node:path';
import type { ListenerConfig } from './listener-schema.js';
import type { RouterConfig } from './schema.js';

/** Makes the relative file paths of a config absolute: they start at the config file's folder. */
export function resolvePaths(config: RouterConfig, folder: string): RouterConfig {
  return { ...config, listeners: config.listeners.map((listener) => resolveListener(listener, folder)) };
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
