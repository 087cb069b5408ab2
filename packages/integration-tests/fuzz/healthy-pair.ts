import { type Message, MessageCode, type Peer, type Serializer } from '@wampkit/protocol';
import { ByteSession } from './byte-session.js';
import { attackedUris, matchPolicies } from './vocabulary.js';

/** Two sessions that mind their own business, over two serializers, and notice when they cannot. */
export class HealthyPair {
  readonly #caller: ByteSession;
  readonly #callee: ByteSession;
  #received: Message[] = [];
  #marks = 0;

  constructor(own: Serializer, other: Serializer, attach: (peer: Peer) => void) {
    this.#caller = new ByteSession(own, { attach });
    this.#callee = new ByteSession(other, { attach });
    for (const session of [this.#caller, this.#callee]) {
      session.onMessage = (message) => this.#received.push(message);
      session.hello('realm1');
    }
    this.#callee.send(64, this.#callee.next(), {}, 'healthy.echo');
    this.#callee.send(64, this.#callee.next(), {}, 'healthy.silent');
    this.#callee.send(32, this.#callee.next(), { match: 'prefix' }, 'healthy');
  }

  /** Calls a procedure of some client, and leaves the call open. */
  callAway(procedure: string): void {
    this.#caller.send(48, this.#caller.next(), { receive_progress: true }, procedure, [1]);
  }

  /** Makes a call and publishes an event, both with text and binary in them. */
  check(): void {
    const mark = `mark ${++this.#marks}`;
    const binary = new Uint8Array([0, this.#marks & 255]);
    const request = this.#caller.next();
    this.#take();
    this.#caller.send(48, request, {}, 'healthy.echo', [mark], { binary });
    const invocation = this.#find(MessageCode.Invocation, mark);
    this.#callee.send(70, invocation.request, {}, [mark], { binary });
    const result = this.#find(MessageCode.Result, mark);
    if (result.request !== request) throw new Error('a healthy session got the RESULT of another call');
    this.#caller.send(16, this.#caller.next(), {}, 'healthy.event', [mark], { binary });
    this.#find(MessageCode.Event, mark);
    this.#take();
  }

  /**
   * Uses every URI that attackers have used: none of it may still be theirs.
   *
   * @param subscriptions the ids of their subscriptions
   */
  checkNothingIsHeld(subscriptions: ReadonlySet<number>): void {
    for (const uri of attackedUris) {
      for (const match of matchPolicies) {
        this.#take();
        this.#callee.send(64, this.#callee.next(), { match }, uri);
        this.#callee.send(32, this.#callee.next(), { match }, uri);
        for (const message of this.#take()) {
          if (message.code === MessageCode.Error && message.error === 'wamp.error.procedure_already_exists')
            throw new Error(`the registration of ${match} "${uri}" was left over`);
          if (message.code === MessageCode.Registered)
            this.#callee.send(66, this.#callee.next(), message.registration);
          if (message.code !== MessageCode.Subscribed) continue;
          if (subscriptions.has(message.subscription))
            throw new Error(`the subscription of ${match} "${uri}" was left over`);
          this.#callee.send(34, this.#callee.next(), message.subscription);
        }
      }
    }
  }

  /** How many sessions the router says there are, the pair's included. */
  async countSessions(): Promise<unknown> {
    this.#take();
    this.#caller.send(48, this.#caller.next(), {}, 'wamp.session.count');
    await new Promise((resolve) => setImmediate(resolve));
    const [result] = this.#take();
    return result?.code === MessageCode.Result ? result.payload.args()[0] : result;
  }

  leave(): void {
    this.#caller.send(6, {}, 'wamp.close.close_realm');
    this.#callee.drop();
  }

  #find<C extends Message['code']>(code: C, mark: string): Extract<Message, { code: C }> {
    const found = this.#received.find(
      (message) => message.code === code && 'payload' in message && message.payload.args()[0] === mark,
    );
    if (found === undefined)
      throw new Error(
        `a healthy session waits for message type ${code}: ${this.#received.map(({ code }) => code)}`,
      );
    return found as Extract<Message, { code: C }>;
  }

  #take(): Message[] {
    const received = this.#received;
    this.#received = [];
    return received;
  }
}
