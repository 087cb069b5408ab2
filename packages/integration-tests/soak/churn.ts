import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Call, Publish, Register, Subscribe, Unregister } from '@wampkit/protocol';
import { RawClient, replyTo } from '../abuse/raw-client.js';
import { endings } from './endings.js';

/** The router that is churned. */
export interface ChurnTarget {
  readonly port: number;
  /** Lets the time of silent clients run out; resolves when that is under way. */
  passSilence(stay: () => Promise<void>): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('client-process.mjs', import.meta.url));
const framings = ['rawsocket', 'websocket'] as const;
const ways = Object.keys(endings);

/**
 * Opens sessions that hold subscriptions, registrations and open calls, ends them in every way, and sees to it that
 * nothing of them is left. Three sessions stay: a caller of theirs, a callee that never answers them, and one that
 * looks after them.
 */
export class Churn {
  /** How many sessions have come and gone. */
  sessions = 0;
  readonly #target: ChurnTarget;
  readonly #caller: RawClient;
  readonly #callee: RawClient;
  readonly #observer: RawClient;
  #invocations = 0;
  #interrupts = 0;
  #canceled = 0;
  /** Sessions that are there without those that come and go. */
  #others = 0;

  private constructor(target: ChurnTarget, stayers: readonly [RawClient, RawClient, RawClient]) {
    this.#target = target;
    [this.#caller, this.#callee, this.#observer] = stayers;
    this.#callee.onMessage = ([code]) => {
      if (code === 68) this.#invocations++;
      if (code === 69) this.#interrupts++;
    };
    this.#caller.onMessage = (message) => {
      if (message[0] === 8 && message[4] === 'wamp.error.canceled') this.#canceled++;
      else throw new Error(`a call of an ended callee got ${JSON.stringify(message)}`);
    };
  }

  static async start(target: ChurnTarget): Promise<Churn> {
    const stayers = [
      await RawClient.join(target.port),
      await RawClient.join(target.port),
      await RawClient.join(target.port, { framing: 'websocket' }),
    ] as const;
    stayers[1].send(new Register(1, {}, 'soak.silent'));
    await stayers[1].next(replyTo(65, 1));
    const churn = new Churn(target, stayers);
    churn.#others = await churn.#countSessions();
    return churn;
  }

  /** Lets `count` sessions come and go, a quarter of them killed with their process. */
  async run(count: number): Promise<void> {
    const first = this.sessions;
    const killed = Math.floor(count / 4);
    const before = this.#marks();
    const child = await startClients(this.#target.port, first, killed);
    const clients: RawClient[] = [];
    for (let number = first + killed; number < first + count; number++)
      clients.push(await this.#open(number));
    await this.#callee.until(() => this.#invocations === before.invocations + count);
    const calls = range(first, count).map(
      (number) => new Call(this.#caller.nextRequest(), {}, `soak.procedure.${number}`),
    );
    this.#caller.send(...calls);
    await this.#expectSessions(count);
    const ended = clients.map((client, index) => endings[ways[index % ways.length]!]!(client));
    child.kill('SIGKILL');
    await Promise.all([...ended, once(child, 'exit')]);
    await this.#target.passSilence(() => this.#stay());
    await this.#caller.until(() => this.#canceled === before.canceled + count);
    await this.#callee.until(() => this.#interrupts === before.interrupts + count);
    for (const client of clients) client.socket.destroy();
    await this.#expectSessions(0);
    await this.#expectNothingLeft(first, count);
    this.sessions += count;
  }

  close(): void {
    for (const client of [this.#caller, this.#callee, this.#observer]) client.socket.destroy();
  }

  #marks() {
    return { invocations: this.#invocations, interrupts: this.#interrupts, canceled: this.#canceled };
  }

  async #open(number: number): Promise<RawClient> {
    const client = await RawClient.join(this.#target.port, { framing: framings[number % 2]! });
    client.send(
      new Subscribe(1, {}, 'soak.topic'),
      new Subscribe(2, { match: 'prefix' }, `soak.own.${number}`),
      new Register(3, {}, `soak.procedure.${number}`),
      new Call(4, {}, 'soak.silent'),
    );
    await client.next(replyTo(65, 3));
    return client;
  }

  /** The stayers are heard of. */
  async #stay(): Promise<void> {
    this.#caller.send(new Publish(this.#caller.nextRequest(), {}, 'soak.alive'));
    this.#callee.send(new Publish(this.#callee.nextRequest() + 1, {}, 'soak.alive'));
    await this.#countSessions();
  }

  async #countSessions(): Promise<number> {
    const [, , , args] = await this.#ask(new Call(this.#observer.nextRequest(), {}, 'wamp.session.count'));
    return (args as [number])[0];
  }

  /** Waits until so many sessions have come and not gone: who was reset is missed a moment later. */
  async #expectSessions(count: number): Promise<void> {
    while ((await this.#countSessions()) !== this.#others + count);
  }

  async #expectNothingLeft(first: number, count: number): Promise<void> {
    const numbers = range(first, count);
    for (const number of numbers) {
      const uri = `soak.procedure.${number}`;
      const call = await this.#ask(new Call(this.#observer.nextRequest(), {}, uri));
      if (call[4] !== 'wamp.error.no_such_procedure') throw new Error(`${uri}: ${JSON.stringify(call)}`);
      const registered = await this.#ask(new Register(this.#observer.nextRequest(), {}, uri));
      if (registered[0] !== 65) throw new Error(`${uri}: ${JSON.stringify(registered)}`);
      await this.#ask(new Unregister(this.#observer.nextRequest(), registered[2] as number));
    }
  }

  async #ask(request: Call | Register | Unregister): Promise<readonly unknown[]> {
    const observer = this.#observer;
    observer.received.length = 0;
    observer.send(request);
    return observer.next((message) => message[message[0] === 8 ? 2 : 1] === request.request);
  }
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function startClients(port: number, first: number, count: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, port, first, count].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout!, 'data');
  child.stdout!.destroy();
  return child;
}
