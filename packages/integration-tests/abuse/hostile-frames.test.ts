import { deflateRawSync } from 'node:zlib';
import type { Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { startVictim } from './start-victim.js';
import { frameWebSocket } from './websocket-frame.js';

vi.setConfig({ testTimeout: 60_000 });

const MIB = 1024 * 1024;

/** PUBLISH with an argument that is a million lists, one in the other. */
function nestedDeep(serializer: Serializer): Buffer {
  const depth = 1_000_000;
  if (serializer.name === 'json')
    return Buffer.from(`[16,1,{},"t",${'['.repeat(depth)}${']'.repeat(depth)}]`);
  const [head, one, none] = {
    msgpack: [[0x95, 16, 1, 0x80, 0xa1, 0x74], 0x91, 0x90],
    cbor: [[0x85, 16, 1, 0xa0, 0x61, 0x74], 0x81, 0x80],
  }[serializer.name] as [number[], number, number];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(depth, one), Buffer.from([none])]);
}

test.each([jsonSerializer, msgpackSerializer, cborSerializer])(
  'BP-SER-01: a $name message nested a million deep ends its session with protocol_violation, and nothing else',
  async (serializer) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    for (const framing of ['rawsocket', 'websocket'] as const) {
      const client = await victim.join({ framing, serializer });
      client.socket.write(client.frameBytes(nestedDeep(serializer)));
      await client.end();
      expect(client.received).toMatchObject([[3, {}, 'wamp.error.protocol_violation']]);
      expect(victim.violations.at(-1)?.message).toMatch(/deep|nest/);
      await bystanders.check();
    }
    expect(victim.bugs).toEqual([]);
  },
);

test.each([
  ['RawSocket', 'rawsocket', Buffer.from([0, 0xff, 0xff, 0xff])],
  ['RawSocket with the extra bit', 'rawsocket', Buffer.from([8, 0, 0, 0])],
  ['WebSocket', 'websocket', frameWebSocket(1, Buffer.alloc(0), { announced: 2 ** 40 })],
  ['WebSocket, above 2^53', 'websocket', frameWebSocket(1, Buffer.alloc(0), { announced: 2 ** 62 })],
] as const)(
  'RS-05 BP-TRN-02: a %s frame above the limit ends its connection when it is announced',
  async (_, framing, header) => {
    await using victim = await startVictim({ listener: { maxMessageSize: MIB } });
    const bystanders = await Bystanders.join(victim);
    const client = await victim.join({ framing });
    client.socket.write(header);
    await client.end();
    await bystanders.check();
    expect(victim.left.map(({ session }) => session.session)).toEqual([client.session]);
  },
);

test.each([
  ['rawsocket', Buffer.from([0, 0xff, 0xff, 0xff])],
  ['websocket', frameWebSocket(1, Buffer.alloc(0), { announced: 16 * MIB })],
] as const)(
  'RS-05 BP-TRN-02: %s frames within the limit that are announced and never sent cost no memory',
  async (framing, header) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    const before = process.memoryUsage();
    for (let i = 0; i < 200; i++) {
      const client = await victim.join({ framing });
      client.socket.write(header);
      client.socket.write('[');
    }
    await bystanders.check();
    const after = process.memoryUsage();
    // 3,200 MiB were announced: this is a matter of kind, not of measure
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(200 * MIB);
    await bystanders.check();
  },
);

test('BP-TRN-02: a message in a flood of fragments ends its connection, not the router', async () => {
  await using victim = await startVictim();
  const bystanders = await Bystanders.join(victim);
  const client = await victim.join({ framing: 'websocket' });
  client.socket.write(frameWebSocket(1, Buffer.from('['), { fin: false }));
  const fragments = Buffer.concat(
    Array.from({ length: 10_000 }, () => frameWebSocket(0, Buffer.from(' '), { fin: false })),
  );
  for (let i = 0; i < 14; i++) client.socket.write(fragments);
  await client.end();
  await bystanders.check();
  await vi.waitFor(() => expect(victim.left.map(({ session }) => session.session)).toEqual([client.session]));
});

test('BP-TRN-02: fragments with floods of pings between them end their connection; pings alone do not', async () => {
  await using victim = await startVictim({ listener: { maxMessageSize: MIB } });
  const bystanders = await Bystanders.join(victim);
  const ping = frameWebSocket(9, Buffer.alloc(125));
  const pings = Buffer.concat(Array.from({ length: 500 }, () => ping));
  const pinging = await victim.join({ framing: 'websocket' });
  const client = await victim.join({ framing: 'websocket' });
  client.socket.write(frameWebSocket(1, Buffer.from('['), { fin: false }));
  const fragment = Buffer.concat([frameWebSocket(0, Buffer.from(' '), { fin: false }), pings]);
  for (let i = 0; i < 100 && victim.left.length === 0; i++) {
    client.socket.write(fragment);
    pinging.socket.write(pings);
    await bystanders.check();
  }
  await vi.waitFor(() => expect(victim.left.map(({ session }) => session.session)).toEqual([client.session]));
  expect(victim.left[0]?.message).toContain('in fragments');
  await bystanders.check();
  expect(pinging.closed).toBe(false);
});

test('BP-TRN-02: a frame in a flood of small segments is put together as it comes, and harms nobody', async () => {
  await using victim = await startVictim();
  const bystanders = await Bystanders.join(victim);
  const client = await victim.join({ framing: 'websocket' });
  const segments = 20_000;
  const size = 8 * MIB;
  client.socket.write(frameWebSocket(1, Buffer.alloc(0), { announced: size }));
  for (let sent = 0; sent < segments; sent++) {
    // each alone, so that each is a read of its own
    await new Promise<void>((resolve) => client.socket.write('x', () => setImmediate(resolve)));
  }
  await bystanders.check();
  expect(victim.left).toEqual([]);
  client.socket.write(Buffer.alloc(size - segments, 'x'));
  await vi.waitFor(() => expect(victim.left.map(({ session }) => session.session)).toEqual([client.session]));
  expect(victim.left[0]?.message).toContain('JSON');
  await bystanders.check();
});

test.each(['rawsocket', 'websocket'] as const)(
  'RS-07 BP-TRN-02: a %s client that pings and does not read is not answered without end',
  async (framing) => {
    await using victim = await startVictim({ listener: { hardLimit: 8 * MIB } });
    const bystanders = await Bystanders.join(victim);
    const client = await victim.join({ framing });
    const peer = victim.peers.at(-1)!;
    client.stall();
    const payload = Buffer.alloc(100, 0x61);
    const ping =
      framing === 'websocket'
        ? frameWebSocket(9, payload)
        : Buffer.concat([Buffer.from([1, 0, 0, 100]), payload]);
    const flood = Buffer.concat(Array.from({ length: 10_000 }, () => ping));
    let most = 0;
    for (let i = 0; i < 40 && victim.left.length === 0; i++) {
      client.socket.write(flood);
      await bystanders.check();
      most = Math.max(most, peer.queuedBytes);
    }
    await bystanders.check();
    expect(most).toBeLessThanOrEqual(8 * MIB + 128 * 1024);
    expect(victim.bugs).toEqual([]);
  },
);

test('BP-TRN-02: a thousand pings at once are answered, each, while the answers are read', async () => {
  await using victim = await startVictim();
  const client = await victim.join({ framing: 'websocket' });
  let bytes = '';
  client.socket.on('data', (chunk) => {
    bytes += chunk.toString('latin1');
  });
  const pings = Array.from({ length: 1000 }, (_, index) => `ping ${1000 + index}`);
  client.socket.write(Buffer.concat(pings.map((text) => frameWebSocket(9, Buffer.from(text)))));
  await client.until(() => bytes.length >= 1000 * 11);
  expect(bytes).toBe(pings.map((text) => `\x8a\x09${text}`).join(''));
});

test('BP-TRN-02: a compressed message that unpacks to more than the limit ends its connection', async () => {
  await using victim = await startVictim({
    listener: { websocket: { compression: true }, maxMessageSize: MIB },
  });
  const bystanders = await Bystanders.join(victim);
  const headers = ['Sec-WebSocket-Extensions: permessage-deflate'];
  const client = await victim.join({ framing: 'websocket', headers });
  const bomb = deflateRawSync(Buffer.alloc(512 * MIB, 0x20), { level: 1 });
  expect(bomb.length).toBeLessThan(MIB * 4);
  // as many as fit into the limit while they are packed
  client.socket.write(frameWebSocket(1, bomb.subarray(0, MIB - 100), { compressed: true }));
  await client.end();
  await bystanders.check();
  await vi.waitFor(() => expect(victim.left.map(({ session }) => session.session)).toEqual([client.session]));
});
