// Drives a session of npm autobahn 26, which wants Node 22 or later, by lines of JSON: see ../go/lines/lines.go.
// Run as: URL SERIALIZER REALM [METHOD AUTHID SECRET]. A URL of tcp:// is RawSocket.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import autobahn from 'autobahn-26';

const [url, serializer, realm, method, authid, secret] = process.argv.slice(2);
const { hostname, port, protocol } = new URL(url);
const serializers = { json: 'JSONSerializer', msgpack: 'MsgpackSerializer', cbor: 'CBORSerializer' };
const transport =
  protocol === 'tcp:'
    ? { type: 'rawsocket', host: hostname, port: Number(port) }
    : { type: 'websocket', url, serializers: [new autobahn.serializer[serializers[serializer]]()] };
const user =
  method === undefined
    ? {}
    : { authid: authid || undefined, authmethods: [method], ...proofs(secret)[method] };

// autobahn logs to stdout.
const write = process.stdout.write.bind(process.stdout);
console.log = console.error;
// Node's readline ends lines at U+2028 and U+2029 too.
const escapeSeparator = (separator) => (separator === '\u2028' ? '\\u2028' : '\\u2029');
const writeLine = (...line) =>
  write(`${JSON.stringify(line, replace).replace(/[\u2028\u2029]/g, escapeSeparator)}\n`);

const connection = new autobahn.Connection({
  transports: [transport],
  realm,
  max_retries: 0,
  retry_if_unreachable: false,
  ...user,
});
connection.onclose = (reason, details) => {
  writeLine('left', `${reason}: ${details.reason}`);
  process.exitCode = 0;
  return true;
};
connection.onopen = async (session, { authid }) => {
  writeLine('joined', session.id, authid);
  const input = createInterface({ input: process.stdin });
  input.on('line', (text) => void perform(session, JSON.parse(text, revive)));
  await once(input, 'close');
  connection.close();
};
connection.open();

function proofs(secret) {
  return {
    ticket: { onchallenge: () => secret },
    wampcra: {
      onchallenge: (_session, _method, { challenge, salt, iterations, keylen }) => {
        const { derive_key, sign } = autobahn.auth_cra;
        return sign(salt === undefined ? secret : derive_key(secret, salt, iterations, keylen), challenge);
      },
    },
    get cryptosign() {
      const keys = autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(secret, 'hex'));
      const pubkey = autobahn.auth_cryptosign.public_key(keys);
      return {
        authextra: { pubkey, challenge: null, channel_binding: null },
        onchallenge: (_session, _method, extra) => autobahn.auth_cryptosign.sign_challenge(keys, extra),
      };
    },
  };
}

const verbs = {
  async call(session, procedure, args, kwargs) {
    try {
      const value = await session.call(procedure, args, kwargs);
      if (value instanceof autobahn.Result) return { args: value.args, kwargs: value.kwargs };
      return { args: value === null ? [] : [value], kwargs: {} };
    } catch (error) {
      return { uri: error.error, args: error.args, kwargs: error.kwargs };
    }
  },
  async register_echo(session, procedure, match) {
    await session.register(procedure, (args, kwargs) => new autobahn.Result(args, kwargs), { match });
  },
  async register_failing(session, procedure, { uri, args, kwargs }) {
    await session.register(procedure, () => {
      throw new autobahn.Error(uri, args, kwargs);
    });
  },
  async subscribe(session, topic, match) {
    const onEvent = (args, kwargs) => writeLine('event', topic, { args: args ?? [], kwargs: kwargs ?? {} });
    await session.subscribe(topic, onEvent, { match });
  },
  async publish(session, topic, args, kwargs) {
    await session.publish(topic, args, kwargs, { acknowledge: true });
  },
};

async function perform(session, [id, verb, ...args]) {
  try {
    writeLine(id, true, (await verbs[verb](session, ...args)) ?? null);
  } catch (error) {
    writeLine(id, false, String(error.error ?? error));
  }
}

function replace(key, value) {
  if (typeof value === 'bigint') return { $integer: String(value) };
  // What Buffer makes of itself before it comes here.
  const bytes = this[key];
  return bytes instanceof Uint8Array ? { $binary: Buffer.from(bytes).toString('base64') } : value;
}

function revive(_key, value) {
  if (typeof value !== 'object' || value === null) return value;
  if ('$integer' in value) return BigInt(value.$integer);
  return '$binary' in value ? new Uint8Array(Buffer.from(value.$binary, 'base64')) : value;
}
