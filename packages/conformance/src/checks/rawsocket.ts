import { type Check, type CheckContext, must, within } from '../check.js';
import { Code } from '../message-code.js';
import { equal, ok, skip } from '../outcome.js';
import { allRoles } from '../session.js';
import type { OctetStream } from '../wire/octet-stream.js';
import { FrameType, frameHeader } from '../wire/rawsocket-wire.js';

const LARGEST = 0xf0;

/* The router's reply to a handshake; null when it closes without one. */
async function shake(stream: OctetStream, octets: readonly number[]): Promise<Buffer | null> {
  stream.write(octets);
  return stream.read(4);
}

async function open(t: CheckContext): Promise<{ stream: OctetStream; limit: number }> {
  const stream = await t.octets();
  const reply = await shake(stream, [0x7f, LARGEST | t.codec.rawsocketId, 0, 0]);
  ok(
    reply?.[0] === 0x7f && (reply[1]! & 0x0f) === t.codec.rawsocketId,
    `handshake reply ${reply?.toString('hex')}`,
  );
  return { stream, limit: 2 ** (9 + (reply[1]! >> 4)) };
}

async function readFrame(stream: OctetStream): Promise<{ type: number; payload: Buffer }> {
  const header = await stream.read(4);
  ok(header, 'the router closed the connection');
  const payload = await stream.read(header.readUIntBE(1, 3));
  ok(payload, 'the router closed the connection within a frame');
  return { type: header[0]!, payload: Buffer.from(payload) };
}

function frame(type: number, payload: Uint8Array): Buffer {
  return Buffer.concat([frameHeader(type, payload.length), payload]);
}

function hello(t: CheckContext): Buffer {
  return frame(FrameType.WAMP, t.codec.encode([Code.HELLO, t.realm, { roles: allRoles }]));
}

async function welcomed(t: CheckContext, stream: OctetStream): Promise<void> {
  const { type, payload } = await readFrame(stream);
  equal(type, FrameType.WAMP, 'type of the frame');
  equal((t.codec.decode(payload) as unknown[])[0], Code.WELCOME, 'type of the message');
}

/* The error number of a handshake's error reply; a success reply fails. */
async function refusal(t: CheckContext, octets: readonly number[]): Promise<number> {
  const stream = await t.octets();
  const reply = await shake(stream, octets);
  ok(reply, 'the router closed the connection without an error reply');
  equal(
    [reply[0], reply[1]! & 0x0f, reply[2], reply[3]],
    [0x7f, 0, 0, 0],
    'an error reply but for its number',
  );
  await stream.waitForClose('an error reply');
  return reply[1]! >> 4;
}

/* Whatever is sent ends the connection; what comes before the end does not matter. */
async function fails(stream: OctetStream, what: string, octets: Uint8Array): Promise<void> {
  stream.write(octets);
  await stream.waitForClose(what);
}

const badTypes = [3, 4, 5, 6, 7].map((type) => [`reserved type ${type}`, type] as const);
const badBits = [0x80, 0x40, 0x20, 0x10].map((bit) => [`reserved bit 0x${bit.toString(16)}`, bit] as const);

/** RawSocket: requirements RS. */
export const rawsocket: readonly Check[] = within({ transport: 'rawsocket' }, [
  must(
    'RS-02',
    'a handshake is answered with the same serializer, a limit, and two zero octets',
    async (t) => {
      const stream = await t.octets();
      const reply = await shake(stream, [0x7f, LARGEST | t.codec.rawsocketId, 0, 0]);
      ok(reply, 'no reply');
      equal([reply[0], reply[1]! & 0x0f, reply[2], reply[3]], [0x7f, t.codec.rawsocketId, 0, 0], 'reply');
    },
  ),
  must('RS-01', 'a client may take as little as 512 octets', async (t) => {
    const stream = await t.octets();
    const reply = await shake(stream, [0x7f, t.codec.rawsocketId, 0, 0]);
    if (reply && (reply[1]! & 0x0f) === 0) equal(reply[1]! >> 4, 2, 'error number');
    else equal(reply?.[0], 0x7f, 'first octet of the reply');
  }),
  must('RS-03', 'a serializer that is reserved is refused with error 1', async (t) => {
    equal(await refusal(t, [0x7f, LARGEST | 15, 0, 0]), 1, 'error number');
  }),
  must('RS-03', 'serializer 0 is refused with an error other than 0', async (t) => {
    ok((await refusal(t, [0x7f, LARGEST, 0, 0])) !== 0, 'error number 0');
  }),
  ...[
    [0, 1],
    [1, 0],
    [255, 255],
  ].map(([third, fourth]) =>
    must('RS-03', `reserved octets ${third} ${fourth} are refused with error 3`, async (t) => {
      equal(await refusal(t, [0x7f, LARGEST | t.codec.rawsocketId, third!, fourth!]), 3, 'error number');
    }),
  ),
  must('RS-04', 'a first octet other than 7F fails the connection', async (t) => {
    const stream = await t.octets();
    const reply = await shake(stream, [0x00, LARGEST | t.codec.rawsocketId, 0, 0]);
    ok(reply?.[0] !== 0x7f, `the router replied ${reply?.toString('hex')}`);
  }),
  must('RS-05', 'a frame above the limit of the router fails the connection', async (t) => {
    const { stream, limit } = await open(t);
    if (limit >= 2 ** 24) skip('the router takes all that a frame can hold');
    await fails(stream, 'a frame above its limit', frameHeader(FrameType.WAMP, limit + 1));
  }),
  ...[...badTypes, ...badBits].map(([name, first]) =>
    must('RS-06', `a frame with ${name} fails the connection`, async (t) => {
      const { stream } = await open(t);
      await fails(stream, `a frame with ${name}`, frame(first, Buffer.from('x')));
    }),
  ),
  must('RS-06', 'bit X with a length that is not 0 fails the connection', async (t) => {
    const { stream } = await open(t);
    await fails(stream, 'bit X with a length', frame(0x08, Buffer.from('x')));
  }),
  must('RS-06', 'bit X is a frame of 2^24 octets, above the limit of a router that takes less', async (t) => {
    const { stream, limit } = await open(t);
    if (limit >= 2 ** 24) skip('the router takes all that a frame can hold');
    await fails(stream, 'a frame of 2^24 octets', Uint8Array.of(0x08, 0, 0, 0));
  }),
  ...['', 'ping', 'x'.repeat(1000)].map((text) =>
    must('RS-07', `a PING of ${text.length} octets is answered with one PONG of the same`, async (t) => {
      const { stream } = await open(t);
      stream.write(frame(FrameType.PING, Buffer.from(text)));
      const { type, payload } = await readFrame(stream);
      equal([type, payload.toString()], [FrameType.PONG, text], 'reply to PING');
      stream.write(hello(t));
      await welcomed(t, stream);
    }),
  ),
  must('RS-07', 'PINGs between messages are answered in order', async (t) => {
    const { stream } = await open(t);
    stream.write(
      Buffer.concat([
        hello(t),
        frame(FrameType.PING, Buffer.from('1')),
        frame(FrameType.PING, Buffer.from('2')),
      ]),
    );
    const pongs: string[] = [];
    while (pongs.length < 2) {
      const { type, payload } = await readFrame(stream);
      if (type === FrameType.PONG) pongs.push(payload.toString());
    }
    equal(pongs, ['1', '2'], 'PONGs');
  }),
  must('RS-07', 'a PONG that nobody asked for is ignored', async (t) => {
    const { stream } = await open(t);
    stream.write(frame(FrameType.PONG, Buffer.from('unasked')));
    stream.write(hello(t));
    await welcomed(t, stream);
  }),
  must('RS-08', 'handshake and HELLO may come octet by octet', async (t) => {
    const stream = await t.octets();
    const octets = Buffer.concat([Uint8Array.of(0x7f, LARGEST | t.codec.rawsocketId, 0, 0), hello(t)]);
    for (const octet of octets) {
      stream.write([octet]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    ok(await stream.read(4), 'no handshake reply');
    await welcomed(t, stream);
  }),
  must('RS-08', 'handshake and first messages may come in one piece', async (t) => {
    const stream = await t.octets();
    const subscribe = frame(FrameType.WAMP, t.codec.encode([Code.SUBSCRIBE, 1, {}, t.uri()]));
    stream.write(Buffer.concat([Uint8Array.of(0x7f, LARGEST | t.codec.rawsocketId, 0, 0), hello(t)]));
    ok(await stream.read(4), 'no handshake reply');
    await welcomed(t, stream);
    stream.write(
      Buffer.concat([subscribe, frame(FrameType.PING, Buffer.from('p')), subscribe.subarray(0, 3)]),
    );
    const frames = [await readFrame(stream), await readFrame(stream)];
    const types = frames.map(({ type }) => type).sort();
    equal(types, [FrameType.WAMP, FrameType.PONG], 'types of the two frames that come back');
    const message = frames.find(({ type }) => type === FrameType.WAMP)!.payload;
    equal((t.codec.decode(message) as unknown[])[0], Code.SUBSCRIBED, 'type of the message');
  }),
  must('RS-06', 'an empty WAMP frame is a protocol violation', async (t) => {
    const session = await t.join();
    session.connection.sendBytes(new Uint8Array(0));
    await session.connection.violation();
  }),
]);
