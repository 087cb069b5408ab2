import { type Client, connect } from '@wampkit/client';
import { type PassthruOptions, passthru } from '@wampkit/client/passthru';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Wampy } from 'wampy';
import { CborSerializer } from 'wampy/CborSerializer.js';
import { JsonSerializer } from 'wampy/JsonSerializer.js';
import { MsgpackSerializer } from 'wampy/MsgpackSerializer.js';
import { WebSocket } from 'ws';
import { serializers, startRouter, type TestRouter } from '../src/start-router.js';

/* The only other client that knows payload passthru mode. It writes no binary in JSON sessions (JBIN). Its own JSON
   writes payloads as text instead of bytes, which ours takes, and cannot read bytes: so it is given one that can. */
class JsonOfBytes extends JsonSerializer {
  override decode(data: unknown): unknown {
    return JSON.parse(new TextDecoder().decode(data as Uint8Array));
  }
}
const packed = { json: new JsonOfBytes(), msgpack: new MsgpackSerializer(), cbor: new CborSerializer() };
const sessions = { msgpack: MsgpackSerializer, cbor: CborSerializer };

const ways: readonly PassthruOptions[] = [
  { ppt_scheme: 'x_test', ppt_serializer: 'json' },
  { ppt_scheme: 'x_test', ppt_serializer: 'msgpack' },
  { ppt_scheme: 'mqtt', ppt_serializer: 'cbor' },
  { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_keyid: 'k' },
  { ppt_scheme: 'mqtt' },
  { ppt_scheme: 'mqtt', ppt_serializer: 'native' },
];
const payload = { args: [1, 'ü', [true, null]], kwargs: { a: { b: 2.5 } } };
const theirs = { argsList: payload.args, argsDict: payload.kwargs };

interface Theirs {
  argsList?: unknown[];
  argsDict?: Record<string, unknown>;
  details?: Record<string, unknown>;
}

describe.each(['msgpack', 'cbor'] as const)('npm wampy 8.0.2 in %s, payloads passed through', (session) => {
  let router: TestRouter;
  let wampy: Wampy;
  let ours: Client;

  beforeAll(async () => {
    router = await startRouter();
    wampy = new Wampy(`ws://${router.address}/ws`, {
      realm: 'realm1',
      // biome-ignore lint/suspicious/noExplicitAny: wampy types its `ws` as the browser's class
      ws: WebSocket as any,
      serializer: new sessions[session](),
      payloadSerializers: packed,
      autoReconnect: false,
    });
    await wampy.connect();
    ours = await connect(router.url('ws'), {
      realm: 'realm1',
      payloads: passthru({ serializers: [serializers.msgpack, serializers.cbor] }),
    });
  });
  afterAll(async () => {
    await wampy?.disconnect();
    await ours?.close();
    await router?.[Symbol.asyncDispose]();
  });

  test.each(ways)('PPT-02, PPT-05: wampy calls, in %j', async (options) => {
    const procedure = `com.example.ours.p${ways.indexOf(options)}`;
    const taken: unknown[] = [];
    await ours.register(procedure, ({ args, kwargs, value }) => {
      taken.push({ args, kwargs });
      return value;
    });
    const { argsList, details } = (await wampy.call(procedure, theirs, options)) as Theirs;
    expect(taken).toEqual([payload]);
    expect([argsList, details]).toMatchObject([[1], options]);
  });

  test.each(ways)('PPT-02, PPT-05: wampy is called, in %j', async (options) => {
    const procedure = `com.example.theirs.p${ways.indexOf(options)}`;
    await wampy.register(procedure, ({ argsList, argsDict }: Theirs) => ({ argsList, argsDict, options }));
    const { args, kwargs, details } = await ours.call(procedure, payload, options);
    expect({ args, kwargs }).toEqual(payload);
    expect(details).toMatchObject(options);
  });

  test.each(ways)('PPT-02, PPT-05: events from and to wampy, in %j', async (options) => {
    const topic = `com.example.topic.t${ways.indexOf(options)}`;
    const [atOurs, atTheirs]: [unknown[], unknown[]] = [[], []];
    await ours.subscribe(topic, ({ args, kwargs }) => atOurs.push({ args, kwargs }));
    await wampy.subscribe(
      topic,
      ({ argsList, argsDict }: Theirs) => void atTheirs.push({ argsList, argsDict }),
    );
    await wampy.publish(topic, theirs, options);
    await ours.publish(topic, payload, { ...options, acknowledge: true });
    await vi.waitFor(() => expect([atOurs, atTheirs]).toEqual([[payload], [theirs]]));
  });
});
