import * as z from 'zod';
import { LARGEST_MESSAGE_SIZE, SMALLEST_MESSAGE_SIZE } from '../limits.js';
import { bind, count, duration, flag, longSecret, shaped, size, timeLimit, word } from './scalar-schemas.js';

const protocol = z.enum(['websocket', 'rawsocket', 'http']);
const authmethod = z.enum([
  'anonymous',
  'ticket',
  'wampcra',
  'wamp-scram',
  'cryptosign',
  'jwt',
  'tls',
  'cookie',
]);
const serializer = z.enum(['json', 'msgpack', 'cbor']);
const requestPath = z
  .string()
  .refine((path) => /^\/[^\s?#]*$/.test(path), { error: 'expected a path that begins with /' });

/** A path of an HTTP request, such as `/health`. */
export function httpPath() {
  return requestPath;
}

const websocket = z.strictObject({
  paths: z.array(requestPath).min(1).prefault(['/', '/ws']),
  origins: z.array(word()).prefault([]),
  compression: flag().prefault(false),
  batched: flag().prefault(true),
  pingInterval: duration().prefault('30s'),
  pingTimeout: duration().prefault('10s'),
});

const longpoll = z.strictObject({
  path: requestPath.refine((path) => path !== '/', { error: 'expected a path below /, such as /lp' }),
  origins: z.array(word()).prefault([]),
  holdTime: timeLimit().prefault('10s'),
  idleTimeout: timeLimit().prefault('30s'),
});

const tls = z.strictObject({
  certificate: word(),
  key: word(),
  clientCa: word().optional(),
  requireClientCertificate: flag().prefault(false),
});

const cookie = z.strictObject({
  name: shaped('letters, digits, - and _', /^[A-Za-z0-9_-]+$/).prefault('wampkit'),
  keys: z.array(longSecret()).prefault([]),
  maxAge: timeLimit().prefault('24h'),
  sameSite: z.enum(['strict', 'lax', 'none']).prefault('strict'),
  secure: flag().optional(),
});

/** Where a listener listens that names nothing: on this machine only. */
export const DEFAULT_BIND = '127.0.0.1:8080';

/** `listeners[]`. */
export const listenerSchema = z.strictObject({
  bind: bind().prefault(DEFAULT_BIND),
  protocols: z.array(protocol).min(1).prefault(['websocket', 'rawsocket', 'http']),
  serializers: z.array(serializer).min(1).prefault(['json', 'msgpack', 'cbor']),
  realms: z.array(word()).prefault([]),
  authmethods: z.array(authmethod).prefault([]),
  maxConnections: count().prefault(0),
  handshakeTimeout: timeLimit().prefault('10s'),
  maxMessageSize: size({ min: SMALLEST_MESSAGE_SIZE, max: LARGEST_MESSAGE_SIZE }).prefault('16MiB'),
  websocket: websocket.prefault({}),
  longpoll: longpoll.optional(),
  cookie: cookie.optional(),
  tls: tls.optional(),
});

/** One listener of a config that was read. */
export type ListenerConfig = z.output<typeof listenerSchema>;
