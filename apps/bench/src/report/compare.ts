import { cost, type LoadMeasurement, type Measurement, sameRow } from '../measurement.js';
import { limitRowOf } from '../scenarios.js';

const OWN = new Set(['ours', 'limit']);

/** A row's results beside those it is compared with; built of one result a row. */
export class Comparison {
  readonly rows: readonly Measurement[];

  constructor(rows: readonly Measurement[]) {
    this.rows = rows;
  }

  /** The cost over the limit loop's in the same serializer and transport; `NaN` without one. */
  overLimit(row: Measurement): number {
    return cost(row) / this.#limit(row, row);
  }

  /** The cost over that of the reference, the limit loop in JSON over WebSocket. */
  overJsonLimit(row: Measurement): number {
    return cost(row) / this.#limit(row, { serializer: 'json', transport: 'websocket' });
  }

  /** The cost over the lowest of the rivals'. */
  overCheapestRival(row: Measurement): number {
    return cost(row) / Math.min(...this.#rivals(row).map(cost));
  }

  /** Operations a second over the highest of the rivals'. */
  overFastestRival(row: LoadMeasurement): number {
    return row.rate / Math.max(...this.#rivals(row).map((one) => (one.kind === 'load' ? one.rate : 0)));
  }

  find(row: Omit<Measurement, 'kind'>): Measurement | undefined {
    return this.rows.find((one) => sameRow(one, row));
  }

  #rivals(row: Measurement): Measurement[] {
    return this.rows.filter(
      (one) => one.kind !== 'failure' && !OWN.has(one.target) && sameRow({ ...one, target: row.target }, row),
    );
  }

  #limit(row: Measurement, { serializer, transport }: { serializer: string; transport: string }): number {
    const found = this.find({ scenario: limitRowOf(row.scenario), serializer, transport, target: 'limit' });
    return found === undefined ? Number.NaN : cost(found);
  }
}
