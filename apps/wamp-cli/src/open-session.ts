import type { Client, ConnectOptions } from '@wampkit/client';
import type { Serializer } from '@wampkit/protocol';
import { asUsageError } from './as-usage-error.js';
import { createAuthenticator } from './authentication/create-authenticator.js';
import type { GlobalOptions, SerializerName } from './global-options.js';
import { readTlsFiles } from './read-tls-files.js';
import type { Talk } from './talk.js';
import type { Terminal } from './terminal.js';

/** What a session is opened with. */
export interface SessionRequest {
  readonly globals: GlobalOptions;
  readonly terminal: Terminal;
  readonly talk: Talk;
  /** Whether a lost connection is made again. */
  readonly reconnect: boolean;
}

/** Opens a session; rejects with UsageError, ConnectError, JoinError or TimeoutError. */
export type Connect = (request: SessionRequest) => Promise<Client>;

/**
 * Connects to the router and joins the realm as the global options say.
 *
 * @param seams replace what the SDK takes from the platform
 */
export async function openSession(
  request: SessionRequest,
  seams: Pick<ConnectOptions, 'connectPeer'> = {},
): Promise<Client> {
  const { globals, terminal, talk } = request;
  const options = await connectOptions(request).catch(asUsageError);
  const { connect } = await import('@wampkit/client');
  const opened = connect(globals.url, { ...options, ...seams, signal: terminal.stop });
  const client = await opened.catch(asUsageError);
  const session = client.session;
  talk.detail(
    `joined ${globals.realm} at ${globals.url} as session ${session?.id} ` +
      `(authid ${session?.authid}, authrole ${session?.authrole}, ${globals.serializer})`,
  );
  return client;
}

async function connectOptions(request: SessionRequest): Promise<ConnectOptions> {
  const { globals, talk } = request;
  return {
    realm: globals.realm,
    auth: await createAuthenticator(globals.auth(), request.terminal),
    serializers: await loadSerializers(globals.serializer),
    tls: await readTlsFiles(globals.tls, globals.url),
    headers: globals.headers,
    connectTimeout: globals.connectTimeout,
    joinTimeout: globals.connectTimeout,
    reconnect: request.reconnect ? {} : false,
    agent: 'wamp-cli',
    tap: talk.showsMessages ? await createTap(talk) : undefined,
    ...(globals.passthru ? await packPayloads(talk) : {}),
  };
}

async function createTap(talk: Talk): Promise<ConnectOptions['tap']> {
  const { formatMessage } = await import('./output/format-message.js');
  return (message, direction) => talk.message(formatMessage(message, direction));
}

/* What is packed in may differ from what is spoken. */
async function packPayloads(talk: Talk): Promise<Pick<ConnectOptions, 'payloads' | 'onError'>> {
  const { passthru } = await import('@wampkit/client/passthru');
  const { msgpackSerializer } = await import('@wampkit/client/msgpack');
  const { cborSerializer } = await import('@wampkit/client/cbor');
  return {
    payloads: passthru({ serializers: [msgpackSerializer, cborSerializer] }),
    onError: (error, context) => talk.warn(`${context}: ${error instanceof Error ? error.message : error}`),
  };
}

/** Only what is spoken is loaded; JSON comes with the SDK. */
async function loadSerializers(name: SerializerName): Promise<readonly Serializer[] | undefined> {
  if (name === 'msgpack') return [(await import('@wampkit/client/msgpack')).msgpackSerializer];
  if (name === 'cbor') return [(await import('@wampkit/client/cbor')).cborSerializer];
  return undefined;
}
