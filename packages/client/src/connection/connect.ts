import { ConfigError, type Serializer } from '@wampkit/protocol';
import { Client } from '../client.js';
import type { ConnectOptions, ConnectPeer } from '../options.js';

/** What an entry of this package brings: how its platform connects. */
export interface Platform {
  readonly connectPeer: ConnectPeer;
  readonly serializers: readonly Serializer[];
}

/** The `connect` of a platform. */
export type Connect = (url: string | readonly string[], options: ConnectOptions) => Promise<Client>;

/** Makes a `connect` of a platform's defaults. */
export function createConnect(platform: Platform): Connect {
  return async (url, options) => {
    const urls = typeof url === 'string' ? [url] : url;
    if (urls.length === 0 && options.peer === undefined) throw new ConfigError('no URL to connect to');
    const client = new Client(urls, {
      ...options,
      connectPeer: options.connectPeer ?? platform.connectPeer,
      serializers: options.serializers ?? platform.serializers,
    });
    await client.start();
    return client;
  };
}
