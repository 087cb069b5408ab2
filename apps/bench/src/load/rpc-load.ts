import { Latencies } from '../latencies.js';
import type { PayloadItems } from '../payloads.js';
import type { Connection } from '../wire/connection.js';
import type { Wire } from '../wire/wire.js';
import { join, request } from './join.js';
import type { Load } from './load.js';

/** How many callers, and how many calls each keeps in flight. */
export interface RpcShape {
  readonly callers: number;
  readonly window: number;
  readonly payload: PayloadItems;
}

const URI = 'com.bench.echo';

/** Callers that call one callee, which answers with what the scenario's payload says. */
export async function startRpcLoad(port: number, wire: Wire, shape: RpcShape): Promise<Load> {
  const callee = await join(port, wire);
  await request(callee, [64, 1, {}, URI], 65);
  const answer = wire.template(70, [{}, ...shape.payload]);
  callee.onMessage = (bytes, start) => callee.sendTemplate(answer, wire.readId(bytes, start));
  const callers: Caller[] = [];
  const latencies = new Latencies();
  const faults: string[] = [];
  for (let i = 0; i < shape.callers; i += 1)
    callers.push(new Caller(await join(port, wire), shape, { latencies, faults }));
  for (const caller of callers) caller.start();
  return {
    operations: () => callers.reduce((sum, caller) => sum + caller.finished, 0),
    latencies,
    faults,
    stop: () => callers.forEach((caller) => void caller.stop()),
    lost: () => callers.reduce((sum, caller) => sum + caller.open, 0),
    close: () => [callee, ...callers.map((caller) => caller.connection)].forEach((c) => void c.close()),
  };
}

class Caller {
  finished = 0;
  open = 0;
  readonly connection: Connection;
  readonly #window: number;
  readonly #started: Float64Array;
  readonly #report: { latencies: Latencies; faults: string[] };
  readonly #call;
  readonly #length: number;
  #next = 1;
  #stopped = false;

  constructor(connection: Connection, shape: RpcShape, report: { latencies: Latencies; faults: string[] }) {
    this.connection = connection;
    this.#window = shape.window;
    this.#started = new Float64Array(4096);
    this.#report = report;
    this.#call = connection.wire.template(48, [{}, URI, ...shape.payload]);
    this.#length = connection.wire.encode(shape.payload).length;
    connection.onMessage = (bytes, start, end) => this.#receive(bytes, start, end);
  }

  start(): void {
    for (let i = 0; i < this.#window; i += 1) this.#send();
  }

  stop(): void {
    this.#stopped = true;
  }

  #send(): void {
    const id = this.#next++;
    this.open += 1;
    this.#started[id & 4095] = performance.now();
    this.connection.sendTemplate(this.#call, id);
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    const { wire } = this.connection;
    const id = wire.readId(bytes, start);
    if (wire.readCode(bytes, start) !== 50 || id >= this.#next || end - start < this.#length) {
      if (this.#report.faults.length < 10)
        this.#report.faults.push(bytes.toString('latin1', start, Math.min(end, start + 200)));
    }
    this.finished += 1;
    this.open -= 1;
    this.#report.latencies.add(performance.now() - this.#started[id & 4095]);
    if (!this.#stopped) this.#send();
  }
}
