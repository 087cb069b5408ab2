import { Call, Payload, Publish, Register, Subscribe, Yield } from '@wampkit/protocol';
import { expect } from 'vitest';
import type { RawClient } from './raw-client.js';
import type { Victim } from './start-victim.js';

/** Two sessions that have nothing to do with an attack, and tell whether they notice it. */
export class Bystanders {
  readonly #caller: RawClient;
  readonly #callee: RawClient;
  #events = 0;
  #round = 0;

  private constructor(caller: RawClient, callee: RawClient) {
    this.#caller = caller;
    this.#callee = callee;
    callee.onMessage = (message) => {
      const [code, request] = message;
      callee.received.push(message);
      if (code === 36) this.#events++;
      if (code === 68) callee.send(new Yield(request as number, {}, Payload.of(message[4] as unknown[])));
    };
  }

  static async join(victim: Victim): Promise<Bystanders> {
    const [caller, callee] = [await victim.join(), await victim.join({ framing: 'websocket' })];
    const bystanders = new Bystanders(caller, callee);
    callee.send(new Register(1, {}, 'bystander.echo'), new Subscribe(2, {}, 'bystander.topic'));
    await callee.next(([code]) => code === 33);
    return bystanders;
  }

  /** A call is answered and an event arrives. */
  async check(): Promise<void> {
    const caller = this.#caller;
    const text = `round ${++this.#round}`;
    const call = caller.nextRequest();
    const publish = caller.nextRequest();
    caller.send(
      new Call(call, {}, 'bystander.echo', Payload.of([text])),
      new Publish(publish, { acknowledge: true }, 'bystander.topic', Payload.of([text])),
    );
    await caller.next(([code, request]) => code === 17 && request === publish);
    const result = await caller.next(([code, request]) => code === 50 && request === call);
    expect(result[3]).toEqual([text]);
    await this.#callee.until(() => this.#events === this.#round);
  }
}
