import type { Serializer } from '@wampkit/protocol';
import { Router } from '@wampkit/router';
import { createListener, type Listener } from '@wampkit/transport';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { binary, type FrameSpec, fragments, Opcode, ping, text } from './frame.js';
import { type Delivery, RawEnd } from './raw-end.js';
import { connectTo, readHead, upgradeRequest } from './world.js';

let router: Router;
let listener: Listener;

beforeAll(async () => {
  router = new Router({ realms: [{ name: 'realm1' }] });
  listener = createListener({
    bind: '127.0.0.1:0',
    serializers: Object.values(serializers),
    onPeer: (peer) => router.attach(peer),
  });
  await listener.listen();
});

afterAll(async () => {
  await router.close();
  await listener.close();
});

async function open({ name }: Serializer): Promise<RawEnd> {
  const socket = await connectTo(listener);
  socket.write(upgradeRequest([`Sec-WebSocket-Protocol: wamp.2.${name}`]));
  const { rest } = await readHead(socket);
  return new RawEnd(socket, 'client', rest);
}

/* The messages of a session, in each serializer: HELLO, SUBSCRIBE, PUBLISH to oneself, GOODBYE. */
const hello = '[1,"realm1",{"roles":{"publisher":{},"subscriber":{}}}]';
const session = [
  hello,
  '[32,1,{},"com.example.tür"]',
  '[16,2,{"acknowledge":true,"exclude_me":false},"com.example.tür",["😀"]]',
  '[6,{},"wamp.close.normal"]',
];
const answers = [2, 33, 36, 17, 6];

function codes(raw: RawEnd, serializer: Serializer): number[] {
  return raw.frames
    .filter(({ opcode }) => opcode === (serializer.binary ? Opcode.Binary : Opcode.Text))
    .map(({ payload }) => serializer.decode(payload, 0, payload.length).code);
}

function encodeIn(serializer: Serializer, json: string): Buffer {
  const bytes = Buffer.from(json);
  const message = serializers.json.decode(bytes, 0, bytes.length);
  const target = Buffer.alloc(1000);
  return target.subarray(0, serializer.encodeInto(target, 0, message));
}

describe.each(Object.values(serializers))('whole sessions over WebSocket, $name', (serializer) => {
  const [make, opcode] = serializer.binary ? [binary, Opcode.Binary] : [text, Opcode.Text];
  const messages = session.map((json) => encodeIn(serializer, json));

  const check = async (frames: FrameSpec[], delivery: Delivery): Promise<RawEnd> => {
    const raw = await open(serializer);
    await raw.deliver(frames, delivery);
    await expect.poll(() => codes(raw, serializer), { interval: 5 }).toEqual(answers);
    raw.socket.destroy();
    return raw;
  };

  test.each<Delivery>(['at once', 'frame by frame', 'byte by byte'])(
    'BP-TRN-02: a session %s: one message a frame',
    (delivery) =>
      check(
        messages.map((each) => make(each)),
        delivery,
      ).then(() => {}),
  );

  test('BP-TRN-02: a session with a fragment for each byte', async () => {
    const cut = (bytes: Buffer) => [...bytes].map((byte) => Buffer.from([byte]));
    await check(
      messages.flatMap((each) => fragments(opcode, cut(each))),
      'at once',
    );
  });

  test('BP-TRN-02: a session cut anyhow, with pings anywhere', async () => {
    const cuts = fc.array(fc.array(fc.nat({ max: 200 }), { maxLength: 6 }), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (places, atOnce) => {
        const frames = messages.flatMap((each, i) => pinged(fragments(opcode, cutAt(each, places[i] ?? []))));
        const raw = await check(frames, atOnce ? 'at once' : 'frame by frame');
        const pongs = raw.frames.filter((frame) => frame.opcode === Opcode.Pong);
        expect(pongs).toHaveLength(frames.filter((frame) => frame.opcode === Opcode.Ping).length);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

function pinged(frames: FrameSpec[]): FrameSpec[] {
  return frames.flatMap((frame) => [ping('p'), frame]);
}

test('BP-PERR-05: what is no WAMP message gets ABORT, then a close frame; another session goes on', async () => {
  const beside = await open(serializers.json);
  beside.send([text(hello)]);
  for (const [wrong, code] of [
    ['{}', 1002],
    ['[]', 1002],
    [Buffer.from('[16,2,{},"a",["\xff"]]', 'latin1'), 1007],
  ] as const) {
    const raw = await open(serializers.json);
    raw.send([text(hello), text(wrong), text(session[1] as string)]);
    await raw.ended;
    expect(codes(raw, serializers.json)).toEqual([2, 3]);
    expect(raw.messages()[1]).toContain('wamp.error.protocol_violation');
    expect(raw.closeCode()).toBe(code);
  }
  beside.send([text(session[1] as string)]);
  await expect.poll(() => codes(beside, serializers.json)).toEqual([2, 33]);
  beside.socket.destroy();
});
