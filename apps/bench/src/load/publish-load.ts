import { Latencies } from '../latencies.js';
import type { PayloadItems } from '../payloads.js';
import type { Connection, Endpoint } from '../wire/connection.js';
import { AnswerCheck } from './answer-check.js';
import { join, request } from './join.js';
import type { Load } from './load.js';
import { joinStalledSubscriber } from './stalled-subscriber.js';

/** One publisher of acknowledged publications, how many it keeps in flight, and how many subscribers get each. */
export interface PublishShape {
  readonly subscribers: number;
  readonly window: number;
  readonly payload: PayloadItems;
  /** The subscriptions' pattern; exact when absent. */
  readonly prefix?: string;
  /** Subscriptions of other sessions that do not match, as many of each kind. */
  readonly crowd?: { readonly subscriptions: number; readonly kinds: readonly Match[] };
  /** Subscribers more that stopped reading before: what they should get is dropped. */
  readonly stalled?: number;
}

const TOPIC = 'com.bench.many.a.topic';

/** One publisher, many subscribers. An operation is one event delivered. */
export async function startPublishLoad(endpoint: Endpoint, shape: PublishShape): Promise<Load> {
  const run = new PublishRun(await join(endpoint), shape);
  for (let i = 0; i < shape.subscribers; i += 1) {
    const subscriber = await join(endpoint);
    const options = shape.prefix === undefined ? {} : { match: 'prefix' };
    await request(subscriber, [32, 1, options, shape.prefix ?? TOPIC], 33);
    run.addSubscriber(subscriber);
  }
  const { subscriptions, kinds } = shape.crowd ?? { subscriptions: 0, kinds: [] };
  for (let first = 0; first < subscriptions; first += CROWD_SESSION)
    run.addBystander(await joinBystander(endpoint, first, kinds));
  for (let i = 0; i < (shape.stalled ?? 0); i += 1)
    run.addStalled(await joinStalledSubscriber(endpoint, TOPIC));
  run.start();
  return run;
}

type Match = 'exact' | 'prefix' | 'wildcard';

const beginnings: Readonly<Record<Match, string>> = {
  exact: 'com.bench.many.a.',
  prefix: 'com.bench.many.a.',
  wildcard: 'com.bench.many..',
};
const CROWD_SESSION = 10_000;
const CROWD_WINDOW = 8;

/** A session with ten thousand subscriptions that look like the topic and do not match it. */
async function joinBystander(
  endpoint: Endpoint,
  first: number,
  kinds: readonly Match[],
): Promise<Connection> {
  const bystander = await join(endpoint);
  for (let i = 0; i < CROWD_SESSION; i += 1) {
    const n = first + i;
    const match = kinds[n % kinds.length] as Match;
    const message = [32, i + 1, { match }, `${beginnings[match]}topic${n}${match === 'prefix' ? '.' : ''}`];
    // A few at a time: some routers drop answers that wait in a short queue.
    if (i % CROWD_WINDOW === CROWD_WINDOW - 1) await request(bystander, message, 33, CROWD_WINDOW);
    else bystander.send(endpoint.wire.encode(message));
  }
  return bystander;
}

class PublishRun implements Load {
  readonly latencies = new Latencies();
  readonly faults: string[];
  readonly #publisher: Connection;
  readonly #shape: PublishShape;
  readonly #subscribers: Connection[] = [];
  readonly #bystanders: Connection[] = [];
  readonly #publish;
  readonly #started = new Float64Array(4096);
  readonly #check: AnswerCheck;
  #next = 1;
  #acknowledged = 0;
  #events = 0;
  #stopped = false;

  constructor(publisher: Connection, shape: PublishShape) {
    this.#publisher = publisher;
    this.#shape = shape;
    this.#publish = publisher.wire.template(16, [{ acknowledge: true }, TOPIC, ...shape.payload]);
    this.#check = new AnswerCheck(publisher.wire, 36, shape.payload);
    this.faults = this.#check.faults;
    publisher.onMessage = (bytes, start, end) => this.#receiveAcknowledgement(bytes, start, end);
  }

  /** A session that must never get an event. */
  addBystander(bystander: Connection): void {
    this.#bystanders.push(bystander);
    bystander.onMessage = (bytes, start, end) => this.#check.fault(bytes, start, end);
  }

  /** A session that has stopped reading. */
  addStalled(subscriber: Connection): void {
    this.#bystanders.push(subscriber);
  }

  addSubscriber(subscriber: Connection): void {
    this.#subscribers.push(subscriber);
    subscriber.onMessage = (bytes, start, end) => {
      this.#check.check(bytes, start, end);
      this.#events += 1;
    };
  }

  start(): void {
    for (let i = 0; i < this.#shape.window; i += 1) this.#send();
  }

  operations(): number {
    return this.#events;
  }

  stop(): void {
    this.#stopped = true;
  }

  lost(): number {
    return (this.#next - 1) * this.#subscribers.length - this.#events + (this.#next - 1 - this.#acknowledged);
  }

  close(): void {
    for (const connection of [this.#publisher, ...this.#subscribers, ...this.#bystanders]) connection.close();
  }

  #send(): void {
    const id = this.#next++;
    this.#started[id & 4095] = performance.now();
    this.#publisher.sendTemplate(this.#publish, id);
  }

  #receiveAcknowledgement(bytes: Buffer, start: number, end: number): void {
    const { wire } = this.#publisher;
    if (wire.readCode(bytes, start) !== 17) this.#check.fault(bytes, start, end);
    this.#acknowledged += 1;
    this.latencies.add(performance.now() - this.#started[wire.readId(bytes, start) & 4095]);
    if (!this.#stopped) this.#send();
  }
}
