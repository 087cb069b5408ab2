import { setImmediate as turn } from 'node:timers/promises';
import type { Connection, Endpoint } from '../wire/connection.js';
import { join, request } from './join.js';

const TOPIC = 'com.bench.flood';
const BURST = 500;

/** A session that publishes as fast as the router reads, and one that gets all of it. */
export class Flood {
  readonly #publisher: Connection;
  readonly #subscriber: Connection;

  private constructor(publisher: Connection, subscriber: Connection) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
  }

  static async start(endpoint: Endpoint): Promise<Flood> {
    const subscriber = await join(endpoint);
    await request(subscriber, [32, 1, {}, TOPIC], 33);
    subscriber.onMessage = () => {};
    const flood = new Flood(await join(endpoint), subscriber);
    void flood.#pump();
    return flood;
  }

  close(): void {
    this.#publisher.close();
    this.#subscriber.close();
  }

  async #pump(): Promise<void> {
    const publisher = this.#publisher;
    const publish = publisher.wire.template(16, [{}, TOPIC, ['hello']]);
    for (let id = 1; publisher.alive; await publisher.drained(), await turn())
      publisher.inOneWrite(() => {
        for (const end = id + BURST; id < end; id += 1) publisher.sendTemplate(publish, id);
      });
  }
}
