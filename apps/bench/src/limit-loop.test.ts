import { beforeEach, describe, expect, test } from 'vitest';

/** What a limit loop is made of; the loops are plain JavaScript, run by Node as they are. */
interface Codec {
  encode(message: unknown[]): Uint8Array;
  decode(bytes: Uint8Array): unknown[];
}
interface Session {
  readonly socket: { destroyed: boolean; cork(): void; uncork(): void; write(bytes: Buffer): void };
  readonly got: unknown[][];
  calls: Map<number, unknown>;
  invocation: number;
}
const { codecs, LimitLoop } = (await import(new URL('../limit-loop.mjs', import.meta.url).href)) as {
  codecs: Record<string, Codec>;
  LimitLoop: new (
    codec: Codec,
    frame: (bytes: Uint8Array) => Uint8Array[],
  ) => { receive(session: Session, bytes: Buffer): void };
};

const payload = [['hello', 1.5, null], { deep: [{ x: 'ü' }] }];

describe.each(['json', 'msgpack', 'cbor'])('the limit loop in %s', (name) => {
  const codec = codecs[name] as Codec;
  let loop: InstanceType<typeof LimitLoop>;

  beforeEach(() => {
    loop = new LimitLoop(codec, (bytes) => [bytes]);
  });

  function join(): Session {
    const got: unknown[][] = [];
    // Libraries read large ids as they please.
    const write = (bytes: Buffer) =>
      got.push(codec.decode(bytes).map((item) => (typeof item === 'bigint' ? Number(item) : item)));
    const socket = { destroyed: false, cork() {}, uncork() {}, write };
    return { socket, got, calls: new Map(), invocation: 0 };
  }
  const send = (session: Session, message: unknown[]): void =>
    loop.receive(session, Buffer.from(codec.encode(message)));

  test.each([1, 200, 70_000])(
    'carries a call with request id %i to the callee and its result back',
    (request) => {
      const [caller, callee] = [join(), join()];
      send(callee, [64, 1, {}, 'com.example.echo']);
      send(caller, [48, request, {}, 'com.example.echo', ...payload]);
      const [[registered, , registration], invocation] = callee.got as [unknown[], unknown[]];
      expect(registered).toBe(65);
      expect(invocation).toEqual([68, 1, registration, {}, ...payload]);
      send(callee, [70, 1, {}, ...payload]);
      expect(caller.got).toEqual([[50, request, {}, ...payload]]);
    },
  );

  test('carries an event to each subscriber but the publisher, and acknowledges when it is asked to', () => {
    const sessions = [join(), join(), join()] as [Session, Session, Session];
    for (const session of sessions) send(session, [32, 1, {}, 'com.example.topic']);
    const [publisher, ...others] = sessions;
    send(publisher, [16, 7, { acknowledge: true }, 'com.example.topic', ...payload]);
    send(publisher, [16, 8, {}, 'com.example.topic']);
    expect(publisher.got.slice(1)).toEqual([[17, 7, expect.any(Number)]]);
    const [, , publication] = publisher.got[1] as unknown[];
    for (const { got } of others) {
      const [[, , subscription], first, second] = got as [unknown[], unknown[], unknown[]];
      expect(first).toEqual([36, subscription, publication, {}, ...payload]);
      expect(second.slice(0, 2)).toEqual([36, subscription]);
    }
  });
});
