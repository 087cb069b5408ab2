import { type Check, type CheckContext, must, should, within } from '../check.js';
import { Code } from '../message-code.js';
import { equal, fail, ok } from '../outcome.js';
import { allRoles } from '../session.js';
import { joinBatch, splitBatch } from '../wire/batch.js';
import type { HttpAnswer, HttpPost } from '../wire/http-post.js';
import { openLongPoll } from '../wire/longpoll-wire.js';

type Message = readonly unknown[];

/** A long-poll whose requests a check makes by itself. */
class BareLongPoll {
  readonly url: string;
  readonly #t: CheckContext;
  readonly #http: HttpPost;
  readonly #batched: boolean;

  constructor(t: CheckContext, http: HttpPost, { url, batched }: { url: string; batched: boolean }) {
    this.#t = t;
    this.#http = http;
    this.url = url;
    this.#batched = batched;
  }

  static async open(t: CheckContext, batched = false): Promise<BareLongPoll> {
    const http = t.http();
    const transport = await openLongPoll(http, t.url, protocolOf(t, batched));
    return new BareLongPoll(t, http, { url: `${t.url}/${transport}`, batched });
  }

  post(verb: string, body?: Uint8Array | string): Promise<HttpAnswer> {
    return this.#http.send(`${this.url}/${verb}`, body);
  }

  send(...messages: Message[]): Promise<HttpAnswer> {
    const { codec } = this.#t;
    const parts = messages.map((each) => codec.encode(each));
    return this.post('send', this.#batched ? joinBatch(codec.name, parts) : parts[0]);
  }

  /** What the next receive with messages brings. */
  async receive(): Promise<Message[]> {
    for (;;) {
      const { status, body } = await this.post('receive');
      if (status >= 300) fail(`a receive was answered with ${status}`);
      if (body.length === 0) continue;
      const parts = this.#batched ? splitBatch(this.#t.codec.name, body) : [body];
      return parts.map((each) => this.#t.codec.decode(each) as Message);
    }
  }

  async join(): Promise<void> {
    await this.send([Code.HELLO, this.#t.realm, { roles: allRoles }]);
    const [welcome] = await this.receive();
    equal(welcome?.[0], Code.WELCOME, 'type of the first message');
  }

  /** A subscription of `topic`, and as many events of it that wait. */
  async pile(topic: string, count: number): Promise<void> {
    await this.send([Code.SUBSCRIBE, 1, {}, topic]);
    await this.receive();
    const publisher = await this.#t.join();
    for (let i = 1; i <= count; i++) await publisher.publishAcknowledged(topic, {}, [i]);
  }
}

function protocolOf(t: CheckContext, batched: boolean): string {
  return `wamp.2.${t.codec.name}${batched ? '.batched' : ''}`;
}

function open(t: CheckContext, protocols: unknown, query = ''): Promise<HttpAnswer> {
  return t.http().send(`${t.url}/open${query}`, JSON.stringify({ protocols }));
}

const argumentOf = (event: Message): unknown => (event[4] as unknown[] | undefined)?.[0];

/** HTTP long-poll: requirements LP. */
export const longpoll: readonly Check[] = within({ transport: 'longpoll' }, [
  must('LP-01', 'open takes the first protocol that it knows, and gives a transport', async (t) => {
    const wanted = protocolOf(t, false);
    const { status, body } = await open(t, ['wamp.2.nonsense', wanted, protocolOf(t, true)], '?x=17');
    equal(status, 200, 'status');
    const answer = JSON.parse(body.toString());
    equal(answer.protocol, wanted, 'protocol');
    ok(typeof answer.transport === 'string' && answer.transport !== '', `transport ${answer.transport}`);
  }),
  must('LP-01', 'open without a common protocol fails', async (t) => {
    const { status } = await open(t, ['wamp.2.nonsense']);
    ok(status >= 400 && status < 500, `answered with ${status}`);
  }),
  must('LP-01', 'open without a list of protocols fails', async (t) => {
    const { status } = await t.http().send(`${t.url}/open`, 'nonsense');
    ok(status >= 400 && status < 500, `answered with ${status}`);
  }),
  must('LP-02', 'a receive is held until there is a message', async (t) => {
    const poll = await BareLongPoll.open(t);
    await poll.join();
    let answered = false;
    const receive = poll.receive().finally(() => {
      answered = true;
    });
    await poll.send([Code.SUBSCRIBE, 1, {}, t.uri()]);
    const [subscribed] = await receive;
    equal(subscribed?.slice(0, 2), [Code.SUBSCRIBED, 1], 'what came');
    ok(answered, 'no answer');
  }),
  must('LP-02', 'without batches an answer has one message, and all come in order', async (t) => {
    const poll = await BareLongPoll.open(t);
    await poll.join();
    await poll.pile(t.uri(), 3);
    for (let i = 1; i <= 3; i++) equal((await poll.receive()).map(argumentOf), [i], 'events of one answer');
  }),
  must('LP-02', 'with batches an answer has all messages that are pending', async (t) => {
    const poll = await BareLongPoll.open(t, true);
    await poll.join();
    await poll.pile(t.uri(), 3);
    equal((await poll.receive()).map(argumentOf), [1, 2, 3], 'events of one answer');
  }),
  must('LP-03', 'a send is answered with 202, and all of its batch is taken', async (t) => {
    const poll = await BareLongPoll.open(t, true);
    await poll.join();
    const { status } = await poll.send(
      [Code.SUBSCRIBE, 1, {}, t.uri('a')],
      [Code.SUBSCRIBE, 2, {}, t.uri('b')],
    );
    equal(status, 202, 'status');
    const answers = await poll.receive();
    if (answers.length < 2) answers.push(...(await poll.receive()));
    equal(
      answers.map(([code, request]) => [code, request]),
      [
        [Code.SUBSCRIBED, 1],
        [Code.SUBSCRIBED, 2],
      ],
      'answers',
    );
  }),
  must('LP-03', 'a send that is no message is answered with 400', async (t) => {
    const poll = await BareLongPoll.open(t);
    await poll.join();
    equal((await poll.post('send', 'nonsense')).status, 400, 'status');
  }),
  must('LP-03', 'close is answered with 202, and the transport is gone', async (t) => {
    const poll = await BareLongPoll.open(t);
    await poll.join();
    equal((await poll.post('close')).status, 202, 'status');
    const { status } = await poll.post('receive');
    ok(status >= 400 && status < 500, `a receive after it is answered with ${status}`);
  }),
  should('LP-04', 'ids of transports are long, and none is given twice', async (t) => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => openLongPoll(t.http(), t.url, protocolOf(t, false))),
    );
    equal(new Set(ids).size, ids.length, 'different ids');
    for (const id of ids) ok(id.length >= 16, `id ${id} has ${id.length} characters`);
  }),
  should('LP-04', 'an unknown transport is answered with 404', async (t) => {
    equal((await t.http().send(`${t.url}/nobody/receive`)).status, 404, 'status');
  }),
  should('LP-04', 'no answer may be kept by a cache', async (t) => {
    const { headers } = await open(t, [protocolOf(t, false)]);
    ok(
      /no-(store|cache)/.test(String(headers['cache-control'])),
      `Cache-Control: ${headers['cache-control']}`,
    );
  }),
  should('LP-04', 'a page of another origin may ask, after a preflight', async (t) => {
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    const answer = await t.http().send(`${t.url}/open`, '', { method: 'OPTIONS', headers });
    ok(answer.status < 300, `the preflight is answered with ${answer.status}`);
    ok(
      ['*', headers.origin].includes(String(answer.headers['access-control-allow-origin'])),
      `Access-Control-Allow-Origin: ${answer.headers['access-control-allow-origin']}`,
    );
  }),
]);
