import autobahn from 'autobahn';
import type { LackedAuth } from './feature.js';
import type {
  ForeignCell,
  ForeignClient,
  ForeignConnectOptions,
  ForeignError,
  ForeignKind,
  ForeignPayload,
} from './foreign-client.js';

const objectForBytes = 'writes bytes as a JSON object of bytes';
const throwsBigInt = 'cannot write a BigInt';

/** What npm `autobahn` lacks, 22 and 26 alike: its RawSocket knows JSON only. */
export const autobahnCells: readonly ForeignCell[] = [
  {
    transport: 'websocket',
    serializer: 'json',
    lacks: { binary: objectForBytes, 'big integers': throwsBigInt },
  },
  { transport: 'websocket', serializer: 'msgpack', lacks: { 'big integers': throwsBigInt } },
  { transport: 'websocket', serializer: 'cbor' },
  {
    transport: 'rawsocket',
    serializer: 'json',
    lacks: { binary: objectForBytes, 'big integers': throwsBigInt },
  },
];

/** The ways to authenticate that npm `autobahn` lacks, 22 and 26 alike. */
export const lackedByAutobahn: LackedAuth = {
  'cryptosign, tls-unique': 'binds to no channel',
  'wamp-scram': 'has no SCRAM',
};

/** npm `autobahn` 22. */
export const autobahnJs: ForeignKind = {
  cells: autobahnCells,
  lackedAuth: lackedByAutobahn,
  abortIsToldBy: 'reason',
  connect: (options) =>
    new Promise((resolve, reject) => {
      const connection = new autobahn.Connection({
        transports: [transportOf(options)],
        realm: options.realm,
        max_retries: 0,
        retry_if_unreachable: false,
        ...userOf(options),
      });
      connection.onopen = (session, { authid }) => resolve(driveSession(connection, session, authid));
      connection.onclose = (reason, details) => {
        reject(new Error(`${reason}: ${details.reason}`));
        return true;
      };
      connection.open();
    }),
};

function transportOf({ transport, serializer, address }: ForeignConnectOptions): object {
  const [host, port] = address.split(':');
  if (transport === 'rawsocket') return { type: 'rawsocket', host, port: Number(port) };
  const types = { json: 'JSONSerializer', msgpack: 'MsgpackSerializer', cbor: 'CBORSerializer' } as const;
  return {
    type: 'websocket',
    url: `ws://${address}/ws`,
    serializers: [new autobahn.serializer[types[serializer]]()],
  };
}

function userOf({ user }: ForeignConnectOptions): object {
  if (user === undefined) return {};
  const { method, authid, secret = '' } = user;
  const common = { authid, authmethods: [method] };
  if (method === 'wampcra') return { ...common, onchallenge: signerByWampcra(secret) };
  if (method !== 'cryptosign') return { ...common, onchallenge: () => secret };
  const keys = autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(secret, 'hex'));
  return {
    ...common,
    authextra: { pubkey: autobahn.auth_cryptosign.public_key(keys), challenge: null, channel_binding: null },
    onchallenge: (_session: unknown, _method: string, extra: object) =>
      autobahn.auth_cryptosign.sign_challenge(keys, extra),
  };
}

function signerByWampcra(secret: string) {
  return (_session: unknown, _method: string, extra: Record<string, never>): string => {
    const { challenge, salt, iterations, keylen } = extra;
    const { derive_key, sign } = autobahn.auth_cra;
    return sign(salt === undefined ? secret : derive_key(secret, salt, iterations, keylen), challenge);
  };
}

function driveSession(
  connection: autobahn.Connection,
  session: autobahn.Session,
  authid: string,
): ForeignClient {
  return {
    session: session.id,
    authid,
    call: async (procedure, { args, kwargs }) => {
      try {
        return payloadOf(await session.call(procedure, args, kwargs));
      } catch (error) {
        return errorOf(error as autobahn.Error);
      }
    },
    registerEcho: async (procedure, match) => {
      await session.register(procedure, (args, kwargs) => new autobahn.Result(args, kwargs), { match });
    },
    registerFailing: async (procedure, { uri, args, kwargs }) => {
      await session.register(procedure, () => {
        throw new autobahn.Error(uri, args, kwargs);
      });
    },
    subscribe: async (topic, match, onEvent) => {
      await session.subscribe(topic, (args, kwargs) => onEvent({ args: args ?? [], kwargs: kwargs ?? {} }), {
        match,
      });
    },
    publish: async (topic, { args, kwargs }) => {
      await session.publish(topic, args, kwargs, { acknowledge: true });
    },
    close: () =>
      new Promise((resolve) => {
        connection.onclose = () => {
          resolve();
          return true;
        };
        connection.close();
      }),
  };
}

/** autobahn unwraps a result of one argument and nothing else. */
function payloadOf(value: unknown): ForeignPayload {
  if (value instanceof autobahn.Result) return { args: value.args.map(bytesOf), kwargs: value.kwargs };
  return { args: value === null ? [] : [bytesOf(value)], kwargs: {} };
}

function bytesOf(value: unknown): unknown {
  return Buffer.isBuffer(value) ? new Uint8Array(value) : value;
}

function errorOf(error: autobahn.Error): ForeignError {
  return { uri: error.error, args: error.args, kwargs: error.kwargs };
}
