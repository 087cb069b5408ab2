import { Call, Goodbye, Hello, Payload, Publish, Register, Subscribe, Yield } from '@wampkit/protocol';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { allRoles } from '@wampkit/testkit';
import { expect, test, vi } from 'vitest';
import { Bystanders } from '../abuse/bystanders.js';
import { startVictim } from '../abuse/start-victim.js';
import { frameWebSocket } from '../abuse/websocket-frame.js';
import { ask } from './asking.js';

vi.setConfig({ testTimeout: 30_000 });

const malformed: [requirement: string, text: string][] = [
  ['BP-PERR-05', '[]'],
  ['BP-PERR-05', '{}'],
  ['BP-PERR-05', 'null'],
  ['BP-PERR-05', ''],
  ['BP-PERR-05', '[32'],
  ['BP-PERR-05', '[32,1,{},"com.x"] []'],
  ['BP-PERR-05', '["32",1,{},"com.x"]'],
  ['BP-PERR-05', '[99,1]'],
  ['BP-MSG-05', '[256,1]'],
  ['BP-MSG-05', '[1023,{}]'],
  ['BP-PERR-05', '[32,1,{}]'],
  ['BP-PERR-05', '[32,1,[],"com.x"]'],
  ['BP-PERR-05', '[48,1,{},"com.x",{}]'],
  ['BP-PERR-05', '[36,1,1,{}]'],
  ['BP-PERR-02', '[1,"realm1",{"roles":{"caller":{}}}]'],
  ['BP-PERR-03', '[8,48,1,{},"com.x"]'],
  ['BP-ID-01', '[32,0,{},"com.x"]'],
  ['BP-ID-01', '[32,-1,{},"com.x"]'],
  ['BP-ID-01', '[32,1.5,{},"com.x"]'],
  ['BP-ID-01', '[32,9007199254740993,{},"com.x"]'],
  ['BP-ID-01', '[34,1,"1"]'],
  ['BP-PERR-06', '[32,1,{"match":"regex"},"com.x"]'],
  ['BP-PERR-06', '[16,1,{"acknowledge":1},"com.x"]'],
  ['BP-PERR-06', '[16,1,{"eligible":"1"},"com.x"]'],
  ['BP-PERR-06', '[48,1,{"timeout":"1s"},"com.x"]'],
];

test.each(malformed)(
  '%s: %j ends its session with ABORT protocol_violation, and nobody else notices',
  async (_, text) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    for (const framing of ['rawsocket', 'websocket'] as const) {
      const client = await victim.join({ framing });
      client.socket.write(client.frameBytes(Buffer.from(text)));
      await client.end();
      expect(client.received).toMatchObject([[3, {}, 'wamp.error.protocol_violation']]);
      await bystanders.check();
    }
    expect(victim.bugs).toEqual([]);
  },
);

test.each([3, 4, 5, 6, 7, 0x10, 0x80])(
  'RS-06: a RawSocket frame whose first octet is %i ends its connection, and nobody else notices',
  async (first) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    const client = await victim.join();
    client.socket.write(Buffer.from([first, 0, 0, 0]));
    await client.end();
    await bystanders.check();
    expect(victim.bugs).toEqual([]);
  },
);

test.each([
  ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
  ['a reserved bit', Buffer.from([0xa1, 0x80, 0, 0, 0, 0])],
  ['no mask', Buffer.from([0x81, 0x02, 0x5b, 0x5d])],
  ['a continuation of nothing', frameWebSocket(0, Buffer.from('[]'))],
  ['a ping in fragments', frameWebSocket(9, Buffer.from('x'), { fin: false })],
  ['a close frame of one byte', frameWebSocket(8, Buffer.from([3]))],
  ['binary where text was agreed on', frameWebSocket(2, Buffer.from('[]'))],
])('BP-TRN-02: a WebSocket frame with %s ends its connection, and nobody else notices', async (_, frame) => {
  await using victim = await startVictim();
  const bystanders = await Bystanders.join(victim);
  const client = await victim.join({ framing: 'websocket' });
  client.socket.write(frame);
  await client.end();
  await bystanders.check();
  expect(victim.bugs).toEqual([]);
});

test('RS-06: a message of exactly 2^24 bytes is taken, and one is sent', async () => {
  await using victim = await startVictim();
  const [callee, caller] = [await victim.join(), await victim.join()];
  await ask(callee, new Register(1, {}, 'com.x'));
  caller.send(new Call(1, {}, 'com.x'));
  await callee.next(([code]) => code === 68);
  const empty = callee.frame(new Yield(1, {}, Payload.of(['']))).length - 4;
  const text = 'x'.repeat(2 ** 24 - empty);
  const frame = callee.frame(new Yield(1, {}, Payload.of([text])));
  expect([...frame.subarray(0, 4), frame.length]).toEqual([8, 0, 0, 0, 4 + 2 ** 24]);
  callee.socket.write(frame);
  // RESULT is as long as the YIELD: its ids have as many digits
  const [, , , args] = await caller.next(([code]) => code === 50);
  expect((args as string[])[0] === text).toBe(true);
});

test.each(['rawsocket', 'websocket'] as const)(
  'BP-SESS-04: a %s client that names an unknown realm gets ABORT no_such_realm, and nobody else notices',
  async (framing) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    const client = await victim.open({ framing });
    client.send(new Hello('nowhere', { roles: allRoles }));
    await client.end();
    expect(client.received).toMatchObject([[3, {}, 'wamp.error.no_such_realm']]);
    await bystanders.check();
  },
);

test.each(['rawsocket', 'websocket'] as const)(
  'BP-SESS-06: each of 100 %s clients that say GOODBYE behind a burst is answered, with goodbye_and_out, last',
  async (framing) => {
    await using victim = await startVictim();
    const clients = [];
    for (let index = 0; index < 100; index++) clients.push(await victim.join({ framing }));
    for (const client of clients) await ask(client, new Subscribe(client.nextRequest(), {}, 'com.x'));
    for (const client of clients) {
      const publications = Array.from(
        { length: 10 },
        () =>
          new Publish(client.nextRequest(), { acknowledge: true }, 'com.x', Payload.of(['x'.repeat(100)])),
      );
      client.send(...publications, new Goodbye({}, 'wamp.close.close_realm'));
    }
    for (const client of clients) {
      await client.next(([code]) => code === 6);
      expect(client.received.filter(([code]) => code === 17)).toHaveLength(10);
      expect(client.received.at(-1)).toEqual([6, {}, 'wamp.close.goodbye_and_out']);
    }
  },
);

test('JBIN-01: bytes of a MessagePack publisher reach a JSON subscriber as a string that begins with NUL, and come back', async () => {
  await using victim = await startVictim();
  const [json, msgpack] = [await victim.join(), await victim.join({ serializer: msgpackSerializer })];
  const texts: string[] = [];
  json.socket.on('data', (chunk) => texts.push(chunk.toString('latin1')));
  for (const client of [json, msgpack]) await ask(client, new Subscribe(client.nextRequest(), {}, 'com.x'));
  const bytes = Uint8Array.of(0x10, 0xe3, 0xff);
  msgpack.send(new Publish(msgpack.nextRequest(), {}, 'com.x', Payload.of([bytes])));
  await json.next(([code]) => code === 36);
  expect(texts.join('')).toContain('["\\u0000EOP/"]');
  json.send(new Publish(json.nextRequest(), {}, 'com.x', Payload.of([bytes])));
  const [, , , , args] = await msgpack.next(([code]) => code === 36);
  expect(Array.from((args as [Uint8Array])[0])).toEqual(Array.from(bytes));
});
