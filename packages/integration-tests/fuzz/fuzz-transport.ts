import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Router } from '@wampkit/router';
import { createListener, type Listener } from '@wampkit/transport';
import { serializers } from '../src/start-router.js';
import { attack, cut } from './attack.js';
import { ConnectionInputs, type Protocol } from './connection-input.js';
import { FuzzFailure } from './fuzz-failure.js';
import { countReach, type FuzzReach } from './fuzz-reach.js';
import { HealthyClients } from './healthy-clients.js';
import { Random } from './random.js';

/** What is fuzzed: WebSocket or RawSocket over TCP, or both over a unix socket. */
export type TransportName = 'ws' | 'tcp' | 'unix';

const BATCH = 50;
const PATIENCE = 10_000;

/**
 * Opens connections with all sorts of bytes, batch by batch. Meanwhile two healthy clients go on; after each batch no
 * session and no connection of the others may be left, and after the last no handle.
 *
 * @throws {FuzzFailure} for the first input, or the first batch, that did harm
 */
export async function fuzzTransport(
  transport: TransportName,
  options: { count: number; seed: number },
): Promise<FuzzReach> {
  const before = countHandles();
  const target = await FuzzedListener.start(transport, options.seed);
  try {
    for (let done = 0; done < options.count; done += BATCH)
      await target.run(Math.min(BATCH, options.count - done));
  } finally {
    await target.close();
  }
  await until(
    () => countHandles() <= before,
    () => `${countHandles() - before} handles were left over`,
  );
  return target.reach;
}

class FuzzedListener {
  readonly #transport: TransportName;
  readonly #seed: number;
  readonly #random: Random;
  readonly #inputs: ConnectionInputs;
  readonly #folder = mkdtempSync(join(tmpdir(), 'wampkit-'));
  readonly #router: Router;
  readonly #listener: Listener;
  readonly reach: FuzzReach = { joined: 0, violations: 0 };
  #healthy!: HealthyClients;
  #index = 0;
  #bug: unknown = null;

  private constructor(transport: TransportName, seed: number) {
    this.#transport = transport;
    this.#seed = seed;
    this.#random = new Random(seed);
    this.#inputs = new ConnectionInputs(this.#random);
    const bug = ({ error }: { error: unknown }): void => {
      this.#bug ??= error;
    };
    const events = { ...countReach(this.reach), bug };
    this.#router = new Router({ realms: [{ name: 'realm1' }], events });
    this.#listener = createListener({
      bind: transport === 'unix' ? `unix:${join(this.#folder, 'wamp.sock')}` : '127.0.0.1:0',
      serializers: Object.values(serializers),
      maxMessageSize: 65_536,
      handshakeTimeout: 3_000,
      poisonReads: true,
      websocket: { compression: true },
      onPeer: (peer) => this.#router.attach(peer),
      onError: (error) => bug({ error }),
    });
  }

  static async start(transport: TransportName, seed: number): Promise<FuzzedListener> {
    const started = new FuzzedListener(transport, seed);
    await started.#listener.listen();
    const { address } = started.#listener;
    const url = { ws: `ws://${address}/ws`, tcp: `tcp://${address}`, unix: address }[transport];
    started.#healthy = await HealthyClients.connect(url);
    return started;
  }

  async run(count: number): Promise<void> {
    const attacks = Array.from({ length: count }, () => this.#attack());
    const results = await Promise.allSettled([...attacks, this.#healthy.check()]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    try {
      if (this.#bug !== null) throw this.#bug;
      await this.#healthy.check();
      await until(
        () => this.#listener.connections === 2,
        () => 'connections were left over',
      );
      const sessions = await this.#healthy.countSessions();
      if (sessions !== 2) throw new Error(`${sessions} sessions are left instead of 2`);
    } catch (error) {
      throw this.#failure(`batch before ${this.#index}`, new Uint8Array(), error);
    }
  }

  async close(): Promise<void> {
    await this.#healthy.close();
    await this.#router.close({ grace: 0 });
    await this.#listener.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #attack(): Promise<void> {
    const index = this.#index++;
    const protocol: Protocol =
      this.#transport === 'ws' || (this.#transport === 'unix' && index % 2 === 0) ? 'websocket' : 'rawsocket';
    const input = this.#inputs.next(protocol);
    // its own numbers: the order in which connections go on is not ours
    const random = new Random(this.#seed + index);
    try {
      await attack(this.#destination(), cut(input, random), random);
    } catch (error) {
      throw this.#failure(`connection ${index}`, input, error);
    }
  }

  #destination(): { path: string } | { host: string; port: number } {
    const { address } = this.#listener;
    if (this.#transport === 'unix') return { path: address.slice('unix:'.length) };
    const colon = address.lastIndexOf(':');
    return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
  }

  #failure(what: string, input: Uint8Array, error: unknown): FuzzFailure {
    const target = `${this.#transport}, ${what}`;
    return new FuzzFailure({ target, seed: this.#seed, index: this.#index, input }, error);
  }
}

/** Sockets and servers that are open in this process. */
function countHandles(): number {
  const kinds = /TCP|Pipe(?!ConnectWrap)|Server/;
  return process.getActiveResourcesInfo().filter((kind) => kinds.test(kind)).length;
}

async function until(holds: () => boolean, otherwise: () => string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!holds()) {
    if (performance.now() > end) throw new Error(otherwise());
    await setImmediate();
  }
}
