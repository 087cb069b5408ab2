import type { WebSocket } from 'ws';
import { type Check, type CheckContext, must, within } from '../check.js';
import { Inbox } from '../inbox.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, ok, skip } from '../outcome.js';
import { allRoles } from '../session.js';
import { joinBatch, splitBatch } from '../wire/batch.js';
import { openWebSocket } from '../wire/websocket-wire.js';

type Message = readonly unknown[];

/** A WebSocket of the batched subprotocol of the run's serializer. */
class BatchedConnection {
  readonly batches = new Inbox<Message[]>();
  readonly #t: CheckContext;
  readonly #socket: WebSocket;
  #closed = false;

  constructor(t: CheckContext, socket: WebSocket) {
    this.#t = t;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      try {
        this.batches.push(splitBatch(t.codec.name, data).map((each) => t.codec.decode(each) as Message));
      } catch (error) {
        this.batches.end(`the router sent what is no batch: ${String(error)}`);
      }
    });
    socket.on('close', () => {
      this.#closed = true;
      this.batches.end('the router closed the connection');
    });
  }

  static async open(t: CheckContext): Promise<BatchedConnection> {
    const wanted = `wamp.2.${t.codec.name}.batched`;
    const settings = { timeout: t.timeout, ...(t.tls && { tls: t.tls }) };
    const socket = await openWebSocket(t.url, [wanted], settings).catch((error: unknown) => {
      if (error instanceof CheckFailure) return skip(`the router does not speak ${wanted}`);
      throw error;
    });
    equal(socket.protocol, wanted, 'subprotocol');
    return new BatchedConnection(t, socket);
  }

  send(...messages: Message[]): void {
    const { codec } = this.#t;
    this.sendBytes(
      joinBatch(
        codec.name,
        messages.map((each) => codec.encode(each)),
      ),
    );
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: this.#t.codec.name !== 'json' });
  }

  hello(): Message {
    return [Code.HELLO, this.#t.realm, { roles: allRoles }];
  }

  /** The next `count` messages, in however many batches. */
  async next(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(...(await this.#batch()));
    return messages;
  }

  #batch(): Promise<Message[]> {
    return this.batches.take(() => true, 'a batch', { timeout: this.#t.timeout });
  }

  /** Waits for the end of the connection, whatever comes before it. */
  async fails(what: string): Promise<void> {
    try {
      for (;;) await this.#batch();
    } catch {
      ok(this.#closed, `the router kept the connection open after ${what}`);
    }
  }

  destroy(): void {
    this.#socket.terminate();
  }
}

/* A check with a connection that is closed after it. */
async function withBatches(
  t: CheckContext,
  run: (connection: BatchedConnection) => Promise<void>,
): Promise<void> {
  const connection = await BatchedConnection.open(t);
  try {
    await run(connection);
  } finally {
    connection.destroy();
  }
}

/** What a joined session sends that must fail its transport. */
function failsOn(what: string, bytes: (t: CheckContext, good: Uint8Array) => Uint8Array): Check {
  return must('BAT-02', `${what} fails the transport`, (t) =>
    withBatches(t, async (connection) => {
      connection.send(connection.hello());
      await connection.next(1);
      const subscribe = t.codec.encode([Code.SUBSCRIBE, 1, {}, t.uri()]);
      connection.sendBytes(bytes(t, joinBatch(t.codec.name, [subscribe])));
      await connection.fails(what);
    }),
  );
}

/** Batched WebSocket: requirements BAT. */
export const batchedWebSocket: readonly Check[] = within({ transport: 'websocket' }, [
  must('BAT-01', 'a single message is framed as a batch, in both directions', (t) =>
    withBatches(t, async (connection) => {
      connection.send(connection.hello());
      const [welcome] = await connection.next(1);
      equal(welcome?.[0], Code.WELCOME, 'type of the first message');
    }),
  ),
  must('BAT-01', 'all messages of a batch are taken, in order', (t) =>
    withBatches(t, async (connection) => {
      connection.send(
        connection.hello(),
        [Code.SUBSCRIBE, 1, {}, t.uri('a')],
        [Code.SUBSCRIBE, 2, {}, t.uri('b')],
      );
      const answers = await connection.next(3);
      equal(
        answers.map(([code, request]) => (code === Code.WELCOME ? [code] : [code, request])),
        [[Code.WELCOME], [Code.SUBSCRIBED, 1], [Code.SUBSCRIBED, 2]],
        'answers',
      );
    }),
  ),
  must('BAT-01', 'a session in batches reaches one without', (t) =>
    withBatches(t, async (connection) => {
      connection.send(connection.hello(), [Code.SUBSCRIBE, 1, {}, t.uri()]);
      await connection.next(2);
      const publisher = await t.join();
      for (const text of ['one', 'two']) await publisher.publishAcknowledged(t.uri(), {}, [text]);
      const events = await connection.next(2);
      equal(
        events.map((event) => event[4]),
        [['one'], ['two']],
        'Arguments of the events',
      );
    }),
  ),
  failsOn('an empty batch', () => new Uint8Array(0)),
  failsOn('a batch that is cut off', (_, good) => good.subarray(0, good.length - 1)),
  failsOn('a batch with bytes left over', (_, good) => Buffer.concat([good, Buffer.from('[3')])),
  failsOn('a message that is not framed', (t) => t.codec.encode([Code.SUBSCRIBE, 1, {}, t.uri()])),
]);
