// What the limit loops share: limit.mjs's work on messages in json, msgpack and cbor. No checks, no state machine, header
// cut by hand, payload spliced, one frame built for a whole fan-out, one write a tick.
import { Encoder } from 'cbor-x';
import { Packr } from 'msgpackr';

/** Sessions' sockets that have something to send: corked when the first message comes, sent at the end of the tick. */
const dirty = new Set();
let scheduled = false;

function flush() {
  scheduled = false;
  for (const socket of dirty) socket.uncork();
  dirty.clear();
}

function write(session, frame) {
  const socket = session.socket;
  if (socket.destroyed) return;
  if (!dirty.has(socket)) {
    dirty.add(socket);
    socket.cork();
    if (!scheduled) {
      scheduled = true;
      setImmediate(flush);
    }
  }
  for (const part of frame) socket.write(part);
}

const randomId = () => Math.floor(Math.random() * 2 ** 53);

/** The routing itself. `frame(bytes)` gives the parts that go to a socket. */
export class LimitLoop {
  #codec;
  #frame;
  #procedures = new Map();
  #topics = new Map();
  #id = 0;

  constructor(codec, frame) {
    this.#codec = codec;
    this.#frame = frame;
  }

  /** @param session an object of the connection's own: `{ socket, calls: Map, invocation: 0 }` */
  receive(session, bytes) {
    const codec = this.#codec;
    const m = codec.cut(bytes);
    switch (m.code) {
      case 48: {
        const procedure = this.#procedures.get(m.uri);
        const callee = procedure.session;
        const invocation = ++callee.invocation;
        callee.calls.set(invocation, { session, request: m.request });
        return this.#send(callee, codec.splice(68, invocation, procedure.id, m));
      }
      case 70: {
        const call = session.calls.get(m.request);
        session.calls.delete(m.request);
        return call && this.#send(call.session, codec.splice(50, call.request, -1, m));
      }
      case 16: {
        const topic = this.#topics.get(m.uri);
        const publication = randomId();
        if (m.acknowledge) this.#send(session, codec.encode([17, m.request, publication]));
        if (topic === undefined) return;
        const event = this.#frame(codec.splice(36, topic.id, publication, m));
        for (const subscriber of topic.sessions) if (subscriber !== session) write(subscriber, event);
        return;
      }
      default:
        return this.#cold(session, codec.decode(bytes));
    }
  }

  leave(session) {
    for (const topic of this.#topics.values()) topic.sessions.delete(session);
  }

  #send(session, bytes) {
    write(session, this.#frame(bytes));
  }

  #cold(session, [code, request, , uri]) {
    const { encode } = this.#codec;
    if (code === 1) this.#send(session, encode([2, randomId(), { roles: { broker: {}, dealer: {} } }]));
    if (code === 64) {
      this.#procedures.set(uri, { id: ++this.#id, session });
      this.#send(session, encode([65, request, this.#id]));
    }
    if (code === 32) {
      const topic = this.#topics.get(uri) ?? { id: ++this.#id, sessions: new Set() };
      this.#topics.set(uri, topic);
      topic.sessions.add(session);
      this.#send(session, encode([33, request, topic.id]));
    }
  }
}

// A cut message: { code, request, uri, acknowledge, tail }: the tail is what follows URI or options to the end.

const jsonCodec = {
  encode: (message) => Buffer.from(JSON.stringify(message)),
  decode: (bytes) => JSON.parse(bytes.toString()),
  cut(bytes) {
    const text = bytes.toString();
    const c1 = text.indexOf(',');
    const code = +text.slice(1, c1);
    if (code !== 48 && code !== 70 && code !== 16) return { code };
    const c2 = text.indexOf(',', c1 + 1);
    const request = +text.slice(c1 + 1, c2);
    const optionsEnd = text.charCodeAt(c2 + 2) === 125 ? c2 + 3 : text.indexOf('}', c2) + 1; // {} or flat
    if (code === 70) return { code, request, tail: text.slice(optionsEnd) };
    const quote = text.indexOf('"', optionsEnd + 2);
    const acknowledge = text.slice(c2, optionsEnd).includes('acknowledge');
    return {
      code,
      request,
      acknowledge,
      uri: text.slice(optionsEnd + 2, quote),
      tail: text.slice(quote + 1),
    };
  },
  splice: (code, first, second, { tail }) =>
    Buffer.from(second < 0 ? `[${code},${first},{}${tail}` : `[${code},${first},${second},{}${tail}`),
};

/**
 * A codec of a binary format. Both have one byte for a short list, one for a small integer (up to `inline`), and a prefix
 * from `one` on for integers of 1, 2, 4 and 8 bytes.
 */
function binaryCodec({ inline, one, emptyMap, shortString, encode, decode }) {
  const afterId = (bytes, at) => (bytes[at] <= inline ? at + 1 : at + 1 + (1 << (bytes[at] - one)));
  const readId = (bytes, at) => {
    if (bytes[at] <= inline) return bytes[at];
    const width = bytes[at] - one;
    if (width < 2) return width === 0 ? bytes[at + 1] : bytes.readUInt16BE(at + 1);
    return width === 2
      ? bytes.readUInt32BE(at + 1)
      : bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
  };
  const writeId = (bytes, at, id) => {
    if (id <= inline) return bytes.writeUInt8(id, at);
    if (id < 2 ** 8) return bytes.writeUInt8(id, bytes.writeUInt8(one, at));
    if (id < 2 ** 16) return bytes.writeUInt16BE(id, bytes.writeUInt8(one + 1, at));
    if (id < 2 ** 32) return bytes.writeUInt32BE(id, bytes.writeUInt8(one + 2, at));
    const low = bytes.writeUInt32BE(Math.floor(id / 2 ** 32), bytes.writeUInt8(one + 3, at));
    return bytes.writeUInt32BE(id % 2 ** 32, low);
  };
  return {
    encode,
    decode,
    cut(bytes) {
      const codeAt = bytes[1] <= inline ? 1 : 2;
      const code = bytes[codeAt];
      if (code !== 48 && code !== 70 && code !== 16) return { code };
      const request = readId(bytes, codeAt + 1);
      const options = afterId(bytes, codeAt + 1);
      // {} or { acknowledge: true }
      const optionsEnd = bytes[options] === emptyMap ? options + 1 : options + 14;
      if (code === 70) return { code, request, bytes, tail: optionsEnd };
      const isShort = bytes[optionsEnd] < shortString;
      const length = isShort ? bytes[optionsEnd] & 31 : bytes[optionsEnd + 1]; // a URI below 256 bytes
      const start = optionsEnd + (isShort ? 1 : 2);
      const uri = bytes.latin1Slice(start, start + length);
      return { code, request, acknowledge: optionsEnd > options + 1, uri, bytes, tail: start + length };
    },
    splice(code, first, second, { bytes, tail }) {
      const message = Buffer.allocUnsafe(bytes.length - tail + 24);
      message[0] = bytes[0]; // both messages have as many elements
      let at = 1;
      at = writeId(message, at, code);
      at = writeId(message, at, first);
      if (second >= 0) at = writeId(message, at, second);
      message[at++] = emptyMap;
      at += bytes.copy(message, at, tail);
      return message.subarray(0, at);
    },
  };
}

const packr = new Packr({ useRecords: false, variableMapSize: true });
const msgpackCodec = binaryCodec({
  inline: 0x7f,
  one: 0xcc,
  emptyMap: 0x80,
  shortString: 0xc0,
  encode: (message) => packr.pack(message),
  decode: (bytes) => packr.unpack(bytes),
});

const encoder = new Encoder({ useRecords: false, mapsAsObjects: true, variableMapSize: true });
const cborCodec = binaryCodec({
  inline: 23,
  one: 24,
  emptyMap: 0xa0,
  shortString: 0x78,
  encode: (message) => encoder.encode(message),
  decode: (bytes) => encoder.decode(bytes),
});

export const codecs = { json: jsonCodec, msgpack: msgpackCodec, cbor: cborCodec };
