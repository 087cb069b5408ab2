import type { Clock } from '@wampkit/protocol';
import { TimingWheel, WheelEntry } from './timing-wheel.js';

/** The time limit of one call. */
export class CallTimeout<Call> extends WheelEntry {
  readonly call: Call;
  /** From CALL, or the last progressive result, in milliseconds (PCR-07). */
  readonly ms: number;

  constructor(call: Call, ms: number) {
    super();
    this.call = call;
    this.ms = ms;
  }
}

/** The time limits of a realm's calls, in milliseconds; 0 means none. */
export interface CallTimeoutOptions {
  /** For calls that name none. */
  readonly callTimeout: number;
  /** The most that a call gets, whatever it names. */
  readonly maxCallTimeout: number;
}

interface Timed<Call> {
  timeout: CallTimeout<Call> | null;
}

/** Whether a callee runs the timer of a call itself. */
interface TimingCallee {
  readonly forwardTimeout: boolean;
  readonly session: { readonly timesCalls: boolean };
}

/** The timers of the calls of a realm. Calls without a time limit have nothing to do with it. */
export class CallTimeouts<Call extends Timed<Call>> {
  readonly #wheel: TimingWheel<CallTimeout<Call>>;
  readonly #default: number;
  readonly #max: number;

  constructor(clock: Clock, options: CallTimeoutOptions, onDue: (call: Call) => void) {
    this.#wheel = new TimingWheel(clock, ({ call }) => onDue(call));
    this.#max = options.maxCallTimeout;
    this.#default = this.#bound(options.callTimeout);
  }

  /**
   * The time limit of a call that names `asked`, in milliseconds; 0: none. The realm's bound holds for a call that
   * names none as well, or there would be a way round it.
   */
  limit(asked: number): number {
    return asked === 0 ? this.#default : this.#bound(asked);
  }

  start(call: Call, ms: number): void {
    call.timeout = new CallTimeout(call, ms);
    this.#wheel.add(call.timeout, ms);
  }

  /**
   * Times a call here, or leaves that to a callee that asked for it and can (TMO-03, TMO-04, A26).
   *
   * @param limit the time limit, in milliseconds
   * @returns what the callee is told of it, in milliseconds; 0: nothing
   */
  assign(call: Call, callee: TimingCallee, limit: number): number {
    const { timeout } = call;
    if (!callee.forwardTimeout || !callee.session.timesCalls) {
      if (timeout === null) this.start(call, limit);
      return 0;
    }
    if (timeout === null) return limit;
    const rest = this.remaining(timeout);
    this.end(call);
    return rest;
  }

  restart(timeout: CallTimeout<Call>): void {
    this.#wheel.add(timeout, timeout.ms);
  }

  /** Ends a call's timer. */
  end(call: Call): void {
    if (call.timeout === null) return;
    this.#wheel.remove(call.timeout);
    call.timeout = null;
  }

  /** Whether a call's time is up, told of or not yet. */
  isUp({ timeout }: Call): boolean {
    return timeout !== null && this.#wheel.isDue(timeout);
  }

  remaining(timeout: CallTimeout<Call>): number {
    return this.#wheel.remaining(timeout);
  }

  stop(): void {
    this.#wheel.stop();
  }

  #bound(ms: number): number {
    return this.#max > 0 && (ms === 0 || ms > this.#max) ? this.#max : ms;
  }
}
