import { readFileSync } from 'node:fs';
import type { Peer, Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { type Arrival, createListener, type Listener, type ListenerOptions } from '@wampkit/transport';
import type { ListenerConfig } from './config/listener-schema.js';
import type { RouterConfig } from './config/schema.js';
import type { HttpEndpoints } from './http-endpoints.js';

const serializers: Readonly<Record<ListenerConfig['serializers'][number], Serializer>> = {
  json: jsonSerializer,
  msgpack: msgpackSerializer,
  cbor: cborSerializer,
};

/** What listeners hand on. */
export interface ListenerHandlers {
  onPeer(peer: Peer, listener: ListenerConfig, arrival: Arrival): void;
  onRequest: HttpEndpoints;
  onError(error: Error): void;
}

/** Makes the listeners of a config; none of them listens yet. */
export function buildListeners(config: RouterConfig, handlers: ListenerHandlers): Listener[] {
  return config.listeners.map((listener) =>
    createListener({
      ...listenerOptions(listener),
      ...queueBounds(config, listener),
      onPeer: (peer, arrival) => handlers.onPeer(peer, listener, arrival),
      onRequest: handlers.onRequest,
      onError: (error) => handlers.onError(error),
    }),
  );
}

function listenerOptions(listener: ListenerConfig): Omit<ListenerOptions, 'onPeer'> {
  const { bind, protocols, maxMessageSize, maxConnections, handshakeTimeout, websocket, longpoll, tls } =
    listener;
  return {
    bind,
    protocols,
    serializers: listener.serializers.map((name) => serializers[name]),
    maxMessageSize,
    maxConnections,
    handshakeTimeout,
    websocket,
    longpoll,
    ...(tls === undefined ? {} : { tls: readTls(tls) }),
  };
}

function readTls(tls: NonNullable<ListenerConfig['tls']>): NonNullable<ListenerOptions['tls']> {
  return {
    cert: readFileSync(tls.certificate),
    key: readFileSync(tls.key),
    ...(tls.clientCa === undefined ? {} : { ca: readFileSync(tls.clientCa) }),
    requireClientCertificate: tls.requireClientCertificate,
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
  const served = config.realms.filter(
    ({ name, template }) => realms.length === 0 || realms.includes(name ?? template ?? ''),
  );
  return {
    highWaterMark: Math.min(...served.map(({ slowConsumer }) => slowConsumer.highWaterMark)),
    hardLimit: Math.min(...served.map(({ slowConsumer }) => slowConsumer.hardLimit)),
  };
}
