import { setTimeout as delay } from 'node:timers/promises';
import { Call, Payload, Publish, Register, Subscribe, Yield } from '@wampkit/protocol';
import { RawClient, replyTo } from '../abuse/raw-client.js';

const CALLERS = 8;
const TICK = 10;

/** Calls, and publications to five subscribers, at a steady rate; every answer and event is counted. */
export class SteadyLoad {
  calls = 0;
  results = 0;
  publications = 0;
  events = 0;
  readonly #callers: readonly RawClient[];
  readonly #others: readonly RawClient[];
  #stopped = false;
  /** Calls a second; infinite: as many as are answered. */
  #rate = Number.POSITIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();

  private constructor(callers: readonly RawClient[], others: readonly RawClient[]) {
    this.#callers = callers;
    this.#others = others;
  }

  static async open(port: number): Promise<SteadyLoad> {
    const join = (count: number) => Promise.all(Array.from({ length: count }, () => RawClient.join(port)));
    const [callers, subscribers, [callee]] = [await join(CALLERS), await join(5), await join(1)];
    callee!.send(new Register(1, {}, 'load.echo'));
    await callee!.next(replyTo(65, 1));
    callee!.onMessage = (message) =>
      callee!.send(new Yield(message[1] as number, {}, Payload.of(message[4] as unknown[])));
    const load = new SteadyLoad(callers, [...subscribers, callee!]);
    for (const subscriber of subscribers) {
      subscriber.send(new Subscribe(1, {}, 'load.news'));
      await subscriber.next(replyTo(33, 1));
      subscriber.onMessage = () => load.events++;
    }
    for (const caller of callers)
      caller.onMessage = ([code]) => {
        if (code !== 50) throw new Error(`a call got a message of type ${code}`);
        load.results++;
      };
    load.#running = load.#run();
    return load;
  }

  /** Measures what it reaches, and goes on with half of that; tells how many calls a second that is. */
  async halve(ms: number): Promise<number> {
    const before = this.results;
    await delay(ms);
    this.#rate = ((this.results - before) / ms) * 500;
    return this.#rate;
  }

  /** Stops, and waits for what is still to come. @throws {Error} when something is lost */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    for (let wait = 0; wait < 100 && !this.#isComplete(); wait++) await delay(50);
    for (const client of [...this.#callers, ...this.#others]) client.socket.destroy();
    if (!this.#isComplete())
      throw new Error(
        `${this.results} of ${this.calls} results, ${this.events} of ${5 * this.publications} events`,
      );
  }

  #isComplete(): boolean {
    return this.results === this.calls && this.events === 5 * this.publications;
  }

  async #run(): Promise<void> {
    let last = performance.now();
    while (!this.#stopped) {
      const now = performance.now();
      const share = Math.min(256, (this.#rate * (now - last)) / 1000 / CALLERS);
      last = now;
      for (const caller of this.#callers) this.#burst(caller, Math.round(share));
      if (Number.isFinite(this.#rate)) await delay(TICK);
      else while (this.results < this.calls - 64) await delay(0);
    }
  }

  #burst(caller: RawClient, count: number): void {
    const messages: (Call | Publish)[] = [];
    const payload = Payload.of(['steady', this.calls]);
    for (let i = 0; i < count; i++) messages.push(new Call(caller.nextRequest(), {}, 'load.echo', payload));
    this.calls += count;
    for (let i = 0; i < count; i += 10, this.publications++)
      messages.push(new Publish(caller.nextRequest(), {}, 'load.news', payload));
    if (messages.length > 0) caller.send(...messages);
  }
}
