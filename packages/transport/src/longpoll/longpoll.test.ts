import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { Call, type CloseReason, emptyDict, type Message, Payload, type Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { FakeClock } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { batchFormatOf } from '../batch/batch-format.js';
import { createListener, type Listener, type ListenerOptions } from '../index.js';
import { limits } from '../limits.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Port {
  readonly listener: Listener;
  readonly base: string;
  readonly clock: FakeClock;
  readonly peers: Peer[];
  readonly messages: Message[];
  readonly violations: string[];
  readonly ends: CloseReason[];
}

async function openPort(options: Partial<ListenerOptions> = {}): Promise<Port> {
  const clock = new FakeClock();
  const log = { peers: [] as Peer[], messages: [] as Message[], violations: [] as string[] };
  const ends: CloseReason[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    clock,
    serializers: [jsonSerializer, msgpackSerializer, cborSerializer],
    longpoll: { path: '/lp' },
    // So that the clock has the timers of long-polls alone.
    handshakeTimeout: 0,
    websocket: { pingInterval: 0 },
    onPeer(peer) {
      log.peers.push(peer);
      peer.onMessage = (message) => log.messages.push(message);
      peer.onViolation = (error) => {
        log.violations.push(error.message);
        peer.close('protocol violation');
      };
      peer.onClose = (reason) => ends.push(reason);
    },
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, base: `http://${listener.address}/lp`, clock, ends, ...log };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer> | null = null,
  init: RequestInit = {},
) {
  const response = await fetch(url, { method: 'POST', body, ...init });
  const { status, headers } = response;
  return { status, headers, body: Buffer.from(await response.arrayBuffer()) } satisfies Answer;
}

/** Opens a transport and gives its URL. */
async function open(port: Port, protocol = 'wamp.2.json'): Promise<string> {
  const { body } = await post(`${port.base}/open`, JSON.stringify({ protocols: [protocol] }));
  return `${port.base}/${JSON.parse(body.toString()).transport}`;
}

/** A receive of its own connection, which `destroy` cuts. */
async function receiveOnSocket(url: string): Promise<ClientRequest> {
  const sent = request(`${url}/receive`, { method: 'POST', agent: false });
  sent.on('error', () => {});
  sent.end();
  await once(sent, 'socket');
  return sent;
}

const call = (id: number, text = ''): Call =>
  new Call(id, emptyDict, 'com.example.procedure', Payload.of([text]));
const text = (id: number): string => `[48,${id},{},"com.example.procedure",[""]]`;
const requests = (messages: readonly Message[]): number[] => messages.map((each) => (each as Call).request);
const soon = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { interval: 2 });

describe('open', () => {
  test.each([
    'wamp.2.json',
    'wamp.2.json.batched',
    'wamp.2.msgpack',
    'wamp.2.msgpack.batched',
    'wamp.2.cbor',
    'wamp.2.cbor.batched',
  ])('LP-01: %s is spoken', async (protocol) => {
    const port = await openPort();
    const offer = JSON.stringify({ protocols: ['wamp.3.json', protocol, 'wamp.2.json'] });
    const { status, headers, body } = await post(`${port.base}/open?x=1`, offer);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const answer = JSON.parse(body.toString());
    expect(answer).toEqual({ protocol, transport: expect.stringMatching(/^[\w-]{32}$/) });
    expect(port.peers[0]?.transport).toMatchObject({ type: 'longpoll', serializer: protocol.split('.')[2] });
    expect(port.listener.connections).toBe(1);
  });

  test('AUTH-05 LP-01: a browser is known again by its cookie', async () => {
    const port = await openPort({ cookie: {} });
    const offer = JSON.stringify({ protocols: ['wamp.2.json'] });
    const cookie = (await post(`${port.base}/open`, offer)).headers
      .get('set-cookie')
      ?.split(';')[0] as string;
    const again = await post(`${port.base}/open`, offer, { headers: { cookie } });
    expect(again.headers.get('set-cookie')).toBeNull();
    const [first, second] = port.peers.map(({ transport }) => transport.cookie);
    expect([typeof first, second]).toEqual(['string', first]);
  });

  test('LP-04: ids do not repeat', async () => {
    const port = await openPort();
    const urls = await Promise.all(Array.from({ length: 20 }, () => open(port)));
    expect(new Set(urls).size).toBe(20);
  });

  test.each([
    ['{"protocols":["wamp.2.ubjson"]}', 400, 'No common protocol: this end speaks wamp.2.json, '],
    ['{"protocols":[]}', 400, 'No common protocol'],
    ['{"protocols":"wamp.2.json"}', 400, 'The body must be a JSON object with a list "protocols".'],
    ['[]', 400, 'The body must be'],
    ['null', 400, 'The body must be'],
    ['nonsense', 400, 'The body must be'],
    [`{"protocols":["wamp.2.json"],"x":"${'x'.repeat(limits.openBodySize)}"}`, 413, 'The body is too large.'],
  ])('LP-01: %j fails, and says why', async (body, status, why) => {
    const port = await openPort();
    const answer = await post(`${port.base}/open`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toContain(why);
    expect(port.peers).toEqual([]);
  });

  test('LP-04: beyond maxConnections it is answered with 503', async () => {
    const port = await openPort({ maxConnections: 1 });
    const url = await open(port);
    expect((await post(`${port.base}/open`, '{"protocols":["wamp.2.json"]}')).status).toBe(503);
    await post(`${url}/close`);
    expect((await post(`${port.base}/open`, '{"protocols":["wamp.2.json"]}')).status).toBe(200);
  });

  test('LP-01: other paths, methods and bodies are refused', async () => {
    const port = await openPort();
    const url = await open(port);
    expect((await post(`${port.base}/nobody/receive`)).status).toBe(404);
    expect((await post(`${url}/else`)).status).toBe(404);
    expect((await post(`${url}/receive/more`)).status).toBe(404);
    expect((await post(port.base)).status).toBe(404);
    const get = await post(`${url}/receive`, null, { method: 'GET' });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const zipped = { headers: { 'content-encoding': 'gzip' } };
    expect((await post(`${url}/send`, 'x', zipped)).status).toBe(415);
    expect((await fetch(`http://${port.listener.address}/lp2/open`, { method: 'POST' })).status).toBe(404);
  });

  test('LP-01: a listener without HTTP, or without longpoll, serves none', async () => {
    const none = await openPort({ longpoll: undefined });
    expect((await post(`${none.base}/open`, '{"protocols":["wamp.2.json"]}')).status).toBe(404);
    const deaf = await openPort({ protocols: ['websocket'] });
    expect((await post(`${deaf.base}/open`, '{"protocols":["wamp.2.json"]}')).status).toBe(404);
  });
});

describe('receive', () => {
  test('LP-02: is held until there is a message, and no answer is to be kept', async () => {
    const port = await openPort();
    const url = await open(port);
    let answered = false;
    const receive = post(`${url}/receive?x=1`).finally(() => {
      answered = true;
    });
    await post(`${url}/send`, text(1));
    expect(answered).toBe(false);
    port.peers[0]?.send(call(1));
    const { status, headers, body } = await receive;
    expect([status, body.toString()]).toEqual([200, text(1)]);
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'application/json; charset=utf-8',
      'no-store',
    ]);
  });

  test('LP-02: without batches an answer carries one message', async () => {
    const port = await openPort();
    const url = await open(port);
    for (let i = 1; i <= 3; i++) port.peers[0]?.send(call(i));
    for (let i = 1; i <= 3; i++) expect((await post(`${url}/receive`)).body.toString()).toBe(text(i));
  });

  test('LP-02 BAT-01: in a batch an answer carries all that is pending', async () => {
    const port = await openPort();
    const url = await open(port, 'wamp.2.cbor.batched');
    for (let i = 1; i <= 3; i++) port.peers[0]?.send(call(i));
    const { headers, body } = await post(`${url}/receive`);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    const format = batchFormatOf(cborSerializer);
    expect(format.findFault(body)).toBeNull();
    const ids: number[] = [];
    for (let at = 0; at < body.length; at = format.endOf(body, at))
      ids.push((cborSerializer.decode(body, format.startOf(at), format.endOf(body, at)) as Call).request);
    expect(ids).toEqual([1, 2, 3]);
  });

  test('LP-02: without a message it is answered empty after holdTime', async () => {
    const port = await openPort({ longpoll: { path: '/lp', holdTime: 5_000 } });
    const url = await open(port);
    const receive = post(`${url}/receive`);
    const ended = receive.then(({ status }) => status);
    await soon(async () => {
      port.clock.advance(1_000);
      expect(await Promise.race([ended, null])).toBe(204);
    });
    expect(port.ends).toEqual([]);
  });

  test('LP-02: a second one ends the first, which is answered empty', async () => {
    const port = await openPort();
    const url = await open(port);
    const first = post(`${url}/receive`);
    await post(`${url}/send`, text(1));
    const second = post(`${url}/receive`);
    expect((await first).status).toBe(204);
    port.peers[0]?.send(call(1));
    expect((await second).body.toString()).toBe(text(1));
  });

  test('LP-02: when its client is gone, what comes waits for the next one', async () => {
    const port = await openPort();
    const url = await open(port);
    const lost = await receiveOnSocket(url);
    await post(`${url}/send`, text(1));
    lost.destroy();
    await post(`${url}/send`, text(2));
    await soon(() => expect(port.clock.timers).toBe(1));
    port.peers[0]?.send(call(1));
    expect((await post(`${url}/receive`)).body.toString()).toBe(text(1));
  });

  test('LP-02: an answer that its client does not take to its end is given again', async () => {
    const port = await openPort();
    const url = await open(port);
    const lost = await receiveOnSocket(url);
    const large = 'x'.repeat(15 * 1024 * 1024);
    port.peers[0]?.send(call(1, large));
    port.peers[0]?.send(call(2));
    const [response] = await once(lost, 'response');
    response.destroy();
    expect((await post(`${url}/receive`)).body.length).toBe(text(1).length + large.length);
    expect((await post(`${url}/receive`)).body.toString()).toBe(text(2));
  });

  test('LP-02: an answer that is stuck gives way to the next receive', async () => {
    const port = await openPort();
    const url = await open(port);
    const stuck = await receiveOnSocket(url);
    closers.push(() => stuck.destroy());
    const large = 'x'.repeat(15 * 1024 * 1024);
    port.peers[0]?.send(call(1, large));
    await once(stuck, 'response');
    expect((await post(`${url}/receive`)).body.length).toBe(text(1).length + large.length);
  });
});

describe('send', () => {
  test('LP-03: is answered with 202 when its message was taken', async () => {
    const port = await openPort();
    const url = await open(port);
    const { status, body } = await post(`${url}/send`, text(7));
    expect([status, body.length]).toEqual([202, 0]);
    expect(requests(port.messages)).toEqual([7]);
  });

  test('LP-03 BAT-01: a batch is taken in order', async () => {
    const port = await openPort();
    const url = await open(port, 'wamp.2.json.batched');
    expect((await post(`${url}/send`, `${text(1)}\x1e${text(2)}\x1e`)).status).toBe(202);
    expect(requests(port.messages)).toEqual([1, 2]);
  });

  test('LP-03: several at once are taken in the order in which they came', async () => {
    const port = await openPort();
    const url = await open(port);
    const slow = request(`${url}/send`, { method: 'POST', agent: false });
    slow.write(text(1).slice(0, 5));
    await once(slow, 'socket');
    await post(`${port.base}/nobody/send`);
    const second = post(`${url}/send`, text(2));
    await post(`${port.base}/nobody/send`);
    expect(port.messages).toEqual([]);
    slow.end(text(1).slice(5));
    expect((await second).status).toBe(202);
    expect(requests(port.messages)).toEqual([1, 2]);
  });

  test('LP-03: one whose client is gone does not stop the next', async () => {
    const port = await openPort();
    const url = await open(port);
    const lost = request(`${url}/send`, { method: 'POST', agent: false });
    lost.on('error', () => {});
    lost.write('[48,');
    await once(lost, 'socket');
    await post(`${port.base}/nobody/send`);
    const next = post(`${url}/send`, text(2));
    lost.destroy();
    expect((await next).status).toBe(202);
    expect(requests(port.messages)).toEqual([2]);
  });

  test('LP-03: while the peer is paused it waits', async () => {
    const port = await openPort();
    const url = await open(port, 'wamp.2.json.batched');
    const peer = port.peers[0] as Peer;
    peer.onMessage = (message) => {
      port.messages.push(message);
      peer.pause();
    };
    const sent = post(`${url}/send`, `${text(1)}\x1e${text(2)}\x1e`);
    await soon(() => expect(requests(port.messages)).toEqual([1]));
    peer.resume();
    await soon(() => expect(requests(port.messages)).toEqual([1, 2]));
    expect(await Promise.race([sent, Promise.resolve('waits')])).toBe('waits');
    peer.resume();
    expect((await sent).status).toBe(202);
  });

  test.each([
    ['wamp.2.json', ''],
    ['wamp.2.json', 'nonsense'],
    ['wamp.2.json', `${text(1)}${text(2)}`],
    ['wamp.2.json.batched', ''],
    ['wamp.2.json.batched', text(1)],
    ['wamp.2.msgpack', text(1)],
    ['wamp.2.cbor.batched', text(1)],
  ])(
    'LP-03 BAT-02: in %s the body %j is answered with 400, and the transport fails',
    async (protocol, body) => {
      const port = await openPort();
      const url = await open(port, protocol);
      const answer = await post(`${url}/send`, body);
      expect(answer.status).toBe(400);
      expect(answer.body.toString().trim()).toBe(port.violations[0]?.replace(/\s+/g, ' '));
      expect(port.messages).toEqual([]);
      expect((await post(`${url}/send`, text(1))).status).toBe(410);
      expect((await post(`${url}/receive`)).status).toBe(410);
      await soon(() => expect(port.ends).toHaveLength(1));
      expect((await post(`${url}/receive`)).status).toBe(404);
    },
  );

  test('LP-03: a body above maxMessageSize is answered with 413, and the transport fails', async () => {
    const port = await openPort({ maxMessageSize: 1000 });
    const url = await open(port);
    expect((await post(`${url}/send`, 'x'.repeat(1001))).status).toBe(413);
    await soon(() => expect(port.ends).toHaveLength(1));
    expect(port.ends[0]).toMatchObject({ clean: false, message: 'received a body larger than 1000 bytes' });
  });

  test('LP-04: more than waitingSends requests that wait are refused with 429', async () => {
    const port = await openPort();
    const url = await open(port);
    port.peers[0]?.pause();
    const sends = Array.from({ length: limits.waitingSends + 2 }, (_, i) => post(`${url}/send`, text(i + 1)));
    expect((await Promise.race(sends)).status).toBe(429);
    port.peers[0]?.resume();
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(limits.waitingSends + 1);
  });
});

describe('the end', () => {
  test('LP-03: close is answered with 202, ends the receive that is held, and the id is gone', async () => {
    const port = await openPort();
    const url = await open(port);
    const receive = post(`${url}/receive`);
    await post(`${url}/send`, text(1));
    expect((await post(`${url}/close`)).status).toBe(202);
    expect((await receive).status).toBe(410);
    await soon(() => expect(port.ends).toEqual([{ clean: true, message: 'closed by the other end' }]));
    expect((await post(`${url}/receive`)).status).toBe(404);
    expect(port.listener.connections).toBe(0);
  });

  test('LP-03: what the router sent last is still received, then the end is told', async () => {
    const port = await openPort();
    const url = await open(port);
    port.peers[0]?.send(call(1));
    port.peers[0]?.send(call(2));
    port.peers[0]?.close('enough');
    expect((await post(`${url}/receive`)).body.toString()).toBe(text(1));
    expect((await post(`${url}/receive`)).body.toString()).toBe(text(2));
    expect(port.ends).toEqual([]);
    const { status, body } = await post(`${url}/receive`);
    expect([status, body.toString()]).toEqual([410, 'This transport has ended: closed here: enough\n']);
    await soon(() => expect(port.ends).toEqual([{ clean: true, message: 'closed here: enough' }]));
  });

  test('LP-04: who does not come for it is waited for no longer than closeTimeout', async () => {
    const port = await openPort();
    await open(port);
    port.peers[0]?.send(call(1));
    port.peers[0]?.close('enough');
    port.clock.advance(limits.closeTimeout);
    await soon(() => expect(port.ends).toHaveLength(1));
    expect(port.ends[0]).toMatchObject({
      clean: false,
      message: 'closed here: enough; what was sent last has not been received',
    });
    expect(port.clock.timers).toBe(0);
  });

  test('LP-04: a transport that nobody receives from ends after idleTimeout', async () => {
    const port = await openPort({ longpoll: { path: '/lp', idleTimeout: 20_000 } });
    const url = await open(port);
    port.clock.advance(19_999);
    expect(port.ends).toEqual([]);
    const receive = post(`${url}/receive`);
    await post(`${url}/send`, text(1));
    port.peers[0]?.send(call(1));
    await receive;
    await soon(() => expect(port.clock.timers).toBe(1));
    port.clock.advance(19_999);
    expect(port.ends).toEqual([]);
    port.clock.advance(1);
    await soon(() => expect(port.ends).toHaveLength(1));
    expect(port.ends[0]?.message).toBe('no receive was asked for within 20000 ms');
    expect((await post(`${url}/receive`)).status).toBe(404);
  });

  test('LP-04: a client that does not receive is congested, and closed above the hard limit', async () => {
    const port = await openPort({ highWaterMark: 10_000, hardLimit: 50_000 });
    await open(port);
    const peer = port.peers[0] as Peer;
    peer.send(call(1, 'x'.repeat(9_000)));
    expect([peer.congested, peer.queuedBytes > 9_000]).toEqual([false, true]);
    peer.send(call(2, 'x'.repeat(9_000)));
    expect(peer.congested).toBe(true);
    for (let i = 0; i < 5; i++) peer.send(call(3, 'x'.repeat(9_000)));
    await soon(() => expect(port.ends).toHaveLength(1));
    expect(port.ends[0]?.message).toContain('send queue over its hard limit of 50000 bytes');
    expect(peer.queuedBytes).toBe(0);
  });

  test('LP-04: many small messages count for more than their bytes', async () => {
    const port = await openPort({ hardLimit: 50_000 });
    await open(port);
    for (let i = 1; i <= 50_000 / limits.waitingMessage; i++) port.peers[0]?.send(call(i));
    await soon(() => expect(port.ends).toHaveLength(1));
  });

  test('LP-04: when the listener closes, clients that wait are told, and others not waited for', async () => {
    const port = await openPort();
    const url = await open(port);
    const receive = post(`${url}/receive`);
    await post(`${url}/send`, text(1));
    await open(port);
    await port.listener.close();
    expect((await receive).status).toBe(410);
    expect(port.ends.map(({ clean }) => clean)).toEqual([true, true]);
    expect(port.clock.timers).toBe(0);
  });
});

describe('pages of other origins', () => {
  const origin = { headers: { origin: 'https://app.example.com' } };

  test('LP-04: without names every origin may, without cookies', async () => {
    const port = await openPort();
    const { headers } = await post(`${port.base}/open`, '{"protocols":["wamp.2.json"]}', origin);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toBe('Origin');
    expect((await post(`${port.base}/nobody/receive`)).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('LP-04: an origin that is named may, with cookies; others get 403', async () => {
    const port = await openPort({ longpoll: { path: '/lp', origins: ['https://*.example.com'] } });
    const { status, headers } = await post(`${port.base}/open`, '{"protocols":["wamp.2.json"]}', origin);
    expect([status, headers.get('access-control-allow-credentials')]).toEqual([200, 'true']);
    const other = { headers: { origin: 'https://example.net' } };
    const refused = await post(`${port.base}/open`, '{"protocols":["wamp.2.json"]}', other);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  test('LP-04: a preflight tells what may be asked', async () => {
    const port = await openPort();
    const { status, headers } = await post(`${port.base}/open`, null, { method: 'OPTIONS', ...origin });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    expect(headers.get('access-control-allow-headers')).toBe('content-type');
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });
});
