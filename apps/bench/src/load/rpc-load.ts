import { Latencies } from '../latencies.js';
import type { PayloadItems } from '../payloads.js';
import type { Connection, Endpoint } from '../wire/connection.js';
import { AnswerCheck } from './answer-check.js';
import { Flood } from './flood.js';
import { IdleCrowd } from './idle-crowd.js';
import { join, request } from './join.js';
import type { Load } from './load.js';

/** How many callers, and how many calls each keeps in flight. */
export interface RpcShape {
  readonly callers: number;
  readonly window: number;
  readonly payload: PayloadItems;
  /** Whether another session publishes as fast as it can meanwhile. */
  readonly flood?: boolean;
  /** Sessions beside that do nothing. */
  readonly idle?: number;
}

const URI = 'com.bench.echo';
const RING = 4096; // a power of two above any window

/** Callers that call one callee, which answers with what the scenario's payload says. */
export async function startRpcLoad(endpoint: Endpoint, shape: RpcShape): Promise<Load> {
  const { wire } = endpoint;
  const callee = await join(endpoint);
  await request(callee, [64, 1, {}, URI], 65);
  const yielded = wire.template(70, [{}, ...shape.payload]);
  callee.onMessage = (bytes, start) => callee.sendTemplate(yielded, wire.readId(bytes, start));
  const callers: Caller[] = [];
  const latencies = new Latencies();
  const check = new AnswerCheck(wire, 50, shape.payload);
  for (let i = 0; i < shape.callers; i += 1)
    callers.push(new Caller(await join(endpoint), shape, { latencies, check }));
  const flood = shape.flood === true ? await Flood.start(endpoint) : null;
  const idle = shape.idle === undefined ? null : await IdleCrowd.start(endpoint, shape.idle);
  for (const caller of callers) caller.start();
  return {
    operations: () => callers.reduce((sum, caller) => sum + caller.finished, 0),
    latencies,
    faults: check.faults,
    stop: () => callers.forEach((caller) => void caller.stop()),
    lost: () => callers.reduce((sum, caller) => sum + caller.open + caller.refused, 0),
    close: () => {
      flood?.close();
      idle?.close();
      for (const connection of [callee, ...callers.map((caller) => caller.connection)]) connection.close();
    },
  };
}

class Caller {
  finished = 0;
  open = 0;
  refused = 0;
  readonly connection: Connection;
  readonly #window: number;
  readonly #started = new Float64Array(RING); // 0: no call with such an id is open
  readonly #report: { latencies: Latencies; check: AnswerCheck };
  readonly #call;
  #next = 1;
  #stopped = false;

  constructor(connection: Connection, shape: RpcShape, report: { latencies: Latencies; check: AnswerCheck }) {
    this.connection = connection;
    this.#window = shape.window;
    this.#report = report;
    this.#call = connection.wire.template(48, [{}, URI, ...shape.payload]);
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
    this.#started[id & (RING - 1)] = performance.now();
    this.connection.sendTemplate(this.#call, id);
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    const { check, latencies } = this.#report;
    const at = this.connection.wire.readId(bytes, start) & (RING - 1);
    if (this.connection.wire.readCode(bytes, start) === 8) {
      this.#receiveError(bytes, start, end);
      return;
    }
    if (this.#started[at] === 0) check.fault(bytes, start, end);
    else check.check(bytes, start, end);
    this.finished += 1;
    latencies.add(performance.now() - this.#started[at]);
    this.#free(at);
  }

  /** A call that is refused is lost, and another takes its place. */
  #receiveError(bytes: Buffer, start: number, end: number): void {
    const [, code, id] = this.connection.wire.decode(bytes.subarray(start, end));
    const at = Number(id) & (RING - 1);
    if (code !== 48 || this.#started[at] === 0) this.#report.check.fault(bytes, start, end);
    this.refused += 1;
    this.#free(at);
  }

  #free(at: number): void {
    this.#started[at] = 0;
    this.open -= 1;
    if (!this.#stopped) this.#send();
  }
}
