import { type Client, connect, type EventStream } from '@wampkit/client';

/** Two clients that mind their own business over a real transport. */
export class HealthyClients {
  readonly #caller: Client;
  readonly #callee: Client;
  readonly #events: EventStream;
  #marks = 0;

  private constructor(caller: Client, callee: Client, events: EventStream) {
    this.#caller = caller;
    this.#callee = callee;
    this.#events = events;
  }

  static async connect(url: string): Promise<HealthyClients> {
    const options = { realm: 'realm1', reconnect: false } as const;
    const [caller, callee] = await Promise.all([connect(url, options), connect(url, options)]);
    await callee.register('healthy.echo', (invocation) => invocation.args[0]);
    return new HealthyClients(caller, callee, await callee.subscribe('healthy.event'));
  }

  /** Makes a call and publishes an event. */
  async check(): Promise<void> {
    const mark = `mark ${++this.#marks}`;
    const { value } = await this.#caller.call('healthy.echo', { args: [mark] }, { timeout: 10_000 });
    if (value !== mark) throw new Error(`a healthy client got ${JSON.stringify(value)}`);
    await this.#caller.publish('healthy.event', { args: [mark] }, { acknowledge: true });
    const { value: event } = await this.#events[Symbol.asyncIterator]().next();
    if (event?.args[0] !== mark)
      throw new Error(`a healthy client got the event ${JSON.stringify(event?.args)}`);
  }

  /** How many sessions the router says there are, these two included. */
  async countSessions(): Promise<unknown> {
    return (await this.#caller.call('wamp.session.count')).value;
  }

  async close(): Promise<void> {
    await Promise.all([this.#caller.close(), this.#callee.close()]);
  }
}
