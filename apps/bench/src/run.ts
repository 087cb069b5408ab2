import type { Scenario } from './scenarios.js';
import type { Target } from './targets/target.js';
import type { Transport } from './wire/connection.js';
import type { Wire } from './wire/wire.js';

/** What to measure in which row, and how long: milliseconds. */
export interface Run {
  readonly target: Target;
  readonly scenario: Scenario;
  readonly wire: Wire;
  readonly transport: Transport;
  readonly warmup: number;
  readonly measured: number;
  /** A folder for CPU profiles of the routers. */
  readonly profile?: string | undefined;
}
