import { Call, Event, emptyDict, type Message, Payload, type Peer, SharedMessage } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { batchFormatOf } from '../batch/batch-format.js';
import { connectPeer, createListener, type ListenerOptions } from '../index.js';
import { limits } from '../limits.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Port {
  readonly url: string;
  readonly peers: Peer[];
  readonly messages: Message[];
  readonly violations: string[];
}

async function openPort(options: Partial<ListenerOptions> = {}): Promise<Port> {
  const peers: Peer[] = [];
  const messages: Message[] = [];
  const violations: string[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer, msgpackSerializer],
    onPeer(peer) {
      peers.push(peer);
      peer.onMessage = (message) => messages.push(message);
      peer.onViolation = (error) => {
        violations.push(error.message);
        peer.close();
      };
    },
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { url: `ws://${listener.address}/`, peers, messages, violations };
}

interface Raw {
  readonly ws: WebSocket;
  readonly frames: Buffer[];
  readonly closed: Promise<number>;
}

async function open(port: Port, protocols: string | string[], perMessageDeflate = false): Promise<Raw> {
  const ws = new WebSocket(port.url, protocols, { perMessageDeflate });
  const frames: Buffer[] = [];
  ws.on('message', (data: Buffer) => frames.push(data));
  closers.push(() => ws.terminate());
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  await new Promise((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  return { ws, frames, closed };
}

const call = (request: number, text = ''): Call =>
  new Call(request, emptyDict, 'com.example.procedure', Payload.of([text]));
const requests = (messages: readonly Message[]): number[] =>
  messages.map((message) => (message as Call).request);
const text = (request: number): string => `[48,${request},{},"com.example.procedure",[""]]\x1e`;

describe('negotiation', () => {
  test.each([
    [['wamp.2.msgpack', 'wamp.2.json.batched'], 'wamp.2.msgpack'],
    [['wamp.2.json.batched', 'wamp.2.json'], 'wamp.2.json.batched'],
    [['wamp.2.cbor.batched', 'wamp.2.msgpack.batched'], 'wamp.2.msgpack.batched'],
  ])('BAT-01 BP-TRN-02: of %j it is the first that is spoken', async (offered, chosen) => {
    const { ws } = await open(await openPort(), offered);
    expect(ws.protocol).toBe(chosen);
  });

  test('BAT-01: batched subprotocols can be turned off', async () => {
    const port = await openPort({ websocket: { batched: false } });
    const { ws } = await open(port, ['wamp.2.json.batched', 'wamp.2.json']);
    expect(ws.protocol).toBe('wamp.2.json');
    await expect(open(port, 'wamp.2.json.batched')).rejects.toThrow('400');
  });

  test('BAT-01: a client that asks for batches goes on without them', async () => {
    const port = await openPort({ websocket: { batched: false } });
    const peer = await connectPeer(port.url, { serializers: [jsonSerializer], batched: true });
    closers.push(() => peer.close());
    expect(peer.encoding).toBe('json/websocket');
  });
});

describe.each([false, true])('sending, compressed: %s', (compression) => {
  test('BAT-01: messages of one turn go out in one WebSocket message, a single one framed as well', async () => {
    const port = await openPort({ websocket: { compression } });
    const { frames } = await open(port, 'wamp.2.json.batched', compression);
    const peer = port.peers[0] as Peer;
    for (let i = 1; i <= 3; i++) peer.send(call(i));
    peer.sendShared(new SharedMessage(new Event(1, 2, emptyDict)));
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(frames[0]?.toString()).toBe(`${text(1)}${text(2)}${text(3)}[36,1,2,{}]\x1e`);
    peer.send(call(4));
    await vi.waitFor(() => expect(frames).toHaveLength(2));
    expect(frames[1]?.toString()).toBe(text(4));
  });

  test('BAT-01: who separates by 0x18 is answered so', async () => {
    const port = await openPort({ websocket: { compression } });
    const { ws, frames } = await open(port, 'wamp.2.json.batched', compression);
    const octal = (request: number): string => text(request).replace('\x1e', '\x18');
    ws.send(`${octal(1)}${octal(2)}`);
    await vi.waitFor(() => expect(requests(port.messages)).toEqual([1, 2]));
    port.peers[0]?.send(call(1));
    port.peers[0]?.send(call(2));
    await vi.waitFor(() => expect(frames.map(String)).toEqual([`${octal(1)}${octal(2)}`]));
  });

  test('BAT-01: a batch holds batchSize at most, and a larger message stands alone', async () => {
    const port = await openPort({ websocket: { compression } });
    const { frames } = await open(port, 'wamp.2.msgpack.batched', compression);
    const peer = port.peers[0] as Peer;
    const large = 'x'.repeat(limits.batchSize);
    for (let i = 1; i <= 10; i++) peer.send(call(i, i === 5 ? large : 'x'.repeat(10_000)));
    await vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(3));
    const format = batchFormatOf(msgpackSerializer);
    const counts = frames.map((frame) => {
      expect(format.findFault(frame)).toBeNull();
      let count = 0;
      for (let at = 0; at < frame.length; at = format.endOf(frame, at)) count++;
      return count;
    });
    expect(counts).toEqual([4, 1, 5]);
  });

  test('BP-RPC-09 BAT-01: a message may be as large as maxMessageSize with what frames it, and no larger', async () => {
    const port = await openPort({ maxMessageSize: 1000, websocket: { compression } });
    const { frames } = await open(port, 'wamp.2.msgpack.batched', compression);
    const peer = port.peers[0] as Peer;
    const around = msgpackSerializer.encodeInto(new Uint8Array(2000), 0, call(1, 'x'.repeat(900))) - 900;
    expect(peer.send(call(1, 'x'.repeat(996 - around)))).toBeNull();
    expect(peer.send(call(1, 'x'.repeat(997 - around)))?.uri).toBe('wamp.error.payload_size_exceeded');
    await vi.waitFor(() => expect(frames.map(({ length }) => length)).toEqual([1000]));
  });
});

describe('receiving', () => {
  test('BAT-01: all messages of a batch are taken, in order', async () => {
    const port = await openPort();
    const { ws } = await open(port, 'wamp.2.json.batched');
    ws.send(`${text(1)}${text(2)}${text(3).replace('\x1e', '\x18')}`);
    ws.send(text(4));
    await vi.waitFor(() => expect(requests(port.messages)).toEqual([1, 2, 3, 4]));
  });

  test('BAT-01: a pause takes effect before the next message of a batch', async () => {
    const port = await openPort();
    const { ws } = await open(port, 'wamp.2.json.batched');
    const peer = port.peers[0] as Peer;
    peer.onMessage = (message) => {
      port.messages.push(message);
      if (port.messages.length === 2) peer.pause();
    };
    ws.send(`${text(1)}${text(2)}${text(3)}`);
    ws.send('');
    await vi.waitFor(() => expect(requests(port.messages)).toEqual([1, 2]));
    peer.resume();
    expect(requests(port.messages)).toEqual([1, 2]);
    await vi.waitFor(() => expect(port.violations).toHaveLength(1));
    expect(requests(port.messages)).toEqual([1, 2, 3]);
  });

  test('BAT-01: of a large batch no more is delivered in one turn than of one read', async () => {
    const port = await openPort();
    const { ws } = await open(port, 'wamp.2.json.batched');
    const peer = port.peers[0] as Peer;
    const turns: number[] = [];
    let turn = 0;
    let counting: NodeJS.Immediate | undefined;
    const count = (): void => {
      turn++;
      counting = setImmediate(count);
    };
    count();
    closers.push(() => clearImmediate(counting));
    const one = text(1);
    peer.onMessage = () => {
      turns[turn] = (turns[turn] ?? 0) + one.length;
    };
    const times = Math.ceil((limits.readSize * 5) / one.length);
    ws.send(one.repeat(times));
    const total = (): number => turns.reduce((sum, each) => sum + each, 0);
    await vi.waitFor(() => expect(total()).toBe(times * one.length));
    expect(Math.max(...turns.filter((each) => each > 0))).toBeLessThanOrEqual(limits.readSize + one.length);
  });

  test.each([
    ['wamp.2.json.batched', '', 'an empty batch'],
    ['wamp.2.json.batched', `${text(1)}[48,`, 'a batch without a separator'],
    ['wamp.2.json.batched', text(1).slice(0, -1), 'a batch without a separator'],
    ['wamp.2.msgpack.batched', Buffer.alloc(0), 'an empty batch'],
    ['wamp.2.msgpack.batched', Buffer.from('0000000193000000', 'hex'), 'a batch that is cut off'],
    ['wamp.2.msgpack.batched', Buffer.from('0000000293', 'hex'), 'a batch that is cut off'],
  ])('BAT-02: %s: %j fails the transport, and nothing of it is delivered', async (protocol, batch, why) => {
    const port = await openPort();
    const { ws, closed } = await open(port, protocol);
    ws.send(batch);
    expect(await closed).toBe(1002);
    expect(port.violations).toEqual([expect.stringContaining(why)]);
    expect(port.violations[0]).toContain(protocol);
    expect(port.messages).toEqual([]);
  });

  test.each([`${text(1)}\x1e${text(2)}`, `${text(1)}[48,\x1e${text(2)}`])(
    'BAT-02: in %j what is no message is a violation, and what follows it is not delivered',
    async (batch) => {
      const port = await openPort();
      const { ws, closed } = await open(port, 'wamp.2.json.batched');
      ws.send(batch);
      await closed;
      expect(port.violations).toHaveLength(1);
      expect(requests(port.messages)).toEqual([1]);
    },
  );

  test('BP-TRN-03 BAT-01: a frame of the other kind is a violation', async () => {
    const port = await openPort();
    const { ws, closed } = await open(port, 'wamp.2.json.batched');
    ws.send(Buffer.from(text(1)));
    await closed;
    expect(port.violations[0]).toBe(
      'binary frame received; subprotocol wamp.2.json.batched takes text frames',
    );
  });

  test('BAT-02: a batch above maxMessageSize is refused with 1009', async () => {
    const port = await openPort({ maxMessageSize: 1000 });
    const { ws, closed } = await open(port, 'wamp.2.json.batched');
    ws.send(text(1).repeat(50));
    expect(await closed).toBe(1009);
  });
});
