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
      ...listenerOptions(listener, asksForCertificates(config, listener)),
      ...queueBounds(config, listener),
      onPeer: (peer, arrival) => handlers.onPeer(peer, listener, arrival),
      onRequest: handlers.onRequest,
      onError: (error) => handlers.onError(error),
    }),
  );
}

function listenerOptions(
  listener: ListenerConfig,
  requestClientCertificate: boolean,
): Omit<ListenerOptions, 'onPeer'> {
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
    ...(listener.cookie === undefined ? {} : { cookie: listener.cookie }),
    ...(tls === undefined ? {} : { tls: { ...readTls(tls), requestClientCertificate } }),
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
