import type { Peer, Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import {
  type Arrival,
  createListener,
  type Listener,
  type ListenerOptions,
  type ListenerTls,
} from '@wampkit/transport';
import type { TlsMaterial } from './config/find-tls-fault.js';
import type { ListenerConfig } from './config/listener-schema.js';
import type { RouterConfig } from './config/schema.js';
import type { HttpEndpoints } from './http-endpoints.js';
import type { Log } from './log.js';
import { readTlsFiles, renewTls } from './renew-tls.js';
import type { WatchedFiles } from './watched-files.js';

const serializers: Readonly<Record<ListenerConfig['serializers'][number], Serializer>> = {
  json: jsonSerializer,
  msgpack: msgpackSerializer,
  cbor: cborSerializer,
};

/** What listeners hand on, and what they need for files that change. */
export interface ListenerHandlers {
  onPeer(peer: Peer, listener: ListenerConfig, arrival: Arrival): void;
  onRequest: HttpEndpoints;
  onError(error: Error): void;
  readonly files: WatchedFiles;
  readonly log: Log;
}

/** Makes the listeners of a config; none of them listens yet. */
export function buildListeners(config: RouterConfig, handlers: ListenerHandlers): Listener[] {
  return config.listeners.map((each) => {
    const { tls, bind } = each;
    const material = tls && readTlsFiles(tls);
    const listener = createListener({
      ...listenerOptions(each),
      ...queueBounds(config, each),
      ...(tls && material ? { tls: tlsOptions(config, each, material) } : {}),
      onPeer: (peer, arrival) => handlers.onPeer(peer, each, arrival),
      onRequest: handlers.onRequest,
      onError: (error) => handlers.onError(error),
    });
    if (tls && material) renewTls(listener, { config: tls, material, bind, ...handlers });
    return listener;
  });
}

function listenerOptions(listener: ListenerConfig): Omit<ListenerOptions, 'onPeer'> {
  const { bind, protocols, maxMessageSize, maxConnections, handshakeTimeout, websocket, longpoll } = listener;
  return {
    bind,
    protocols,
    serializers: listener.serializers.map((name) => serializers[name]),
    maxMessageSize,
    maxConnections,
    handshakeTimeout,
    websocket,
    longpoll,
    ...(listener.cookie === undefined ? {} : { cookie: listener.cookie }),
  };
}

function tlsOptions(config: RouterConfig, listener: ListenerConfig, material: TlsMaterial): ListenerTls {
  return {
    ...material,
    requireClientCertificate: listener.tls?.requireClientCertificate,
    requestClientCertificate: asksForCertificates(config, listener),
  };
}

/**
 * The send queue's bounds of a listener. A queue exists before its peer has named a realm, so where the realms of one
 * listener differ the narrowest bounds hold for all.
 *
 * @internal
 */
export function queueBounds(
  config: RouterConfig,
  { realms }: ListenerConfig,
): { highWaterMark: number; hardLimit: number } {
  const served = servedRealms(config, realms);
  return {
    highWaterMark: Math.min(...served.map(({ slowConsumer }) => slowConsumer.highWaterMark)),
    hardLimit: Math.min(...served.map(({ slowConsumer }) => slowConsumer.hardLimit)),
  };
}

function servedRealms(config: RouterConfig, realms: readonly string[]): RouterConfig['realms'] {
  return config.realms.filter(
    ({ name, template }) => realms.length === 0 || realms.includes(name ?? template ?? ''),
  );
}

/* A certificate that no authority has signed proves a client too, where method `tls` knows its fingerprint. */
function asksForCertificates(config: RouterConfig, { realms, tls }: ListenerConfig): boolean {
  if (tls?.clientCa !== undefined) return true;
  return servedRealms(config, realms).some(({ authentication = [] }) =>
    authentication.some(({ method }) => method === 'tls'),
  );
}
