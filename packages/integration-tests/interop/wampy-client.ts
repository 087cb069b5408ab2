import { cryptosignPublicKey } from '@wampkit/client/auth/cryptosign';
import { type Errors, Wampy } from 'wampy';
import { CborSerializer } from 'wampy/CborSerializer.js';
import { sign as signCryptosign } from 'wampy/cryptosign.js';
import { JsonSerializer } from 'wampy/JsonSerializer.js';
import { MsgpackSerializer } from 'wampy/MsgpackSerializer.js';
import { sign as signWampcra } from 'wampy/wampcra.js';
import { WebSocket } from 'ws';
import type {
  ForeignClient,
  ForeignConnectOptions,
  ForeignError,
  ForeignKind,
  ForeignPayload,
} from './foreign-client.js';

interface WampyPayload {
  argsList?: unknown[];
  argsDict?: Record<string, unknown>;
}

const serializerTypes = { json: JsonSerializer, msgpack: MsgpackSerializer, cbor: CborSerializer };

const doubles = 'reads integers beyond 2^53 as the double nearest';

/** npm `wampy`. It writes binary in msgpack and cbor only, and knows WebSocket only. */
export const wampy: ForeignKind = {
  cells: [
    {
      transport: 'websocket',
      serializer: 'json',
      lacks: { binary: 'writes bytes as a JSON object', 'big integers': 'cannot write a BigInt' },
    },
    { transport: 'websocket', serializer: 'msgpack' },
    { transport: 'websocket', serializer: 'cbor', lacks: { 'big integers': doubles } },
  ],
  lackedAuth: {
    'cryptosign without authid': 'authenticates with an authid only',
    'cryptosign, tls-unique': 'binds to no channel',
    'wamp-scram': 'has no SCRAM',
  },
  abortIsToldBy: 'reason',
  async connect(options) {
    const client = new Wampy(`ws://${options.address}/ws`, {
      realm: options.realm,
      // biome-ignore lint/suspicious/noExplicitAny: wampy types its `ws` as the browser's class
      ws: WebSocket as any,
      serializer: new serializerTypes[options.serializer](),
      autoReconnect: false,
      uriValidation: 'loose',
      ...userOf(options),
    });
    const welcome = await client.connect().catch((error: Errors.AbortError) => {
      throw new Error(`${error.errorUri}: ${error.message}`);
    });
    return driveClient(client, (welcome as { authid: string }).authid);
  },
};

function userOf({ user }: ForeignConnectOptions): object {
  if (user === undefined) return {};
  const { method, authid, secret = '' } = user;
  const common = { authid, authmethods: [method] };
  if (method === 'wampcra') return { ...common, onChallenge: signWampcra(secret) };
  if (method !== 'cryptosign') return { ...common, onChallenge: () => secret };
  const authextra = { pubkey: cryptosignPublicKey(secret) };
  return { ...common, authextra, onChallenge: signCryptosign(secret) };
}

function driveClient(client: Wampy, authid: string): ForeignClient {
  return {
    session: Number(client.getSessionId()),
    authid,
    call: async (procedure, payload) => {
      try {
        return payloadOf((await client.call(procedure, toWampy(payload))) as WampyPayload);
      } catch (error) {
        return errorOf(error as Errors.WampError);
      }
    },
    registerEcho: async (procedure, match) => {
      await client.register(
        procedure,
        ({ argsList, argsDict }) => toWampy(payloadOf({ argsList, argsDict })),
        { match },
      );
    },
    registerFailing: async (procedure, { uri, args, kwargs }) => {
      await client.register(procedure, ({ error_handler }) => {
        error_handler({ error: uri, argsList: [...args], argsDict: kwargs });
      });
    },
    subscribe: async (topic, match, onEvent) => {
      await client.subscribe(topic, (event) => onEvent(payloadOf(event)), { match });
    },
    publish: async (topic, payload) => {
      await client.publish(topic, toWampy(payload));
    },
    close: async () => {
      await client.disconnect();
    },
  };
}

function toWampy({ args, kwargs }: ForeignPayload): {
  argsList: unknown[];
  argsDict: Record<string, unknown>;
} {
  return { argsList: [...args], argsDict: kwargs };
}

function payloadOf({ argsList, argsDict }: WampyPayload): ForeignPayload {
  return withNumbers({ args: argsList ?? [], kwargs: argsDict ?? {} });
}

function errorOf(error: Errors.WampError): ForeignError {
  return { uri: error.errorUri, ...payloadOf(error) };
}

/** wampy reads integers beyond 32 bits as BigInt where they come in msgpack: those that are safe as a number. */
function withNumbers<T>(value: T): T {
  if (typeof value === 'bigint') return (Number.isSafeInteger(Number(value)) ? Number(value) : value) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withNumbers) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)])) as T;
}
