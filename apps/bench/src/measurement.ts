/** Which row and which router a result belongs to. */
export interface Row {
  readonly scenario: string;
  readonly serializer: string;
  readonly transport: string;
  readonly target: string;
}

/** What a load showed. */
export interface LoadMeasurement extends Row {
  readonly kind: 'load';
  /** Operations a second. */
  readonly rate: number;
  /** The router's CPU time for one operation, microseconds; all of its processes. */
  readonly cpuPerOperation: number;
  /** Cores that router and generator used, 1 for a whole one. */
  readonly routerCpu: number;
  readonly generatorCpu: number;
  /** The router's resident set at the end, bytes. */
  readonly rss: number;
  /** Milliseconds from request to answer. */
  readonly p50: number;
  readonly p99: number;
  /** Operations that never came. */
  readonly lost: number;
}

/** What idle sessions showed. */
export interface IdleMeasurement extends Row {
  readonly kind: 'idle';
  /** The router's resident set for each session, bytes: the slope between the two numbers of sessions. */
  readonly bytesPerSession: number;
  readonly rss: number;
}

/** A row that a router did not finish. */
interface Failure extends Row {
  readonly kind: 'failure';
  readonly reason: string;
}

export type Measurement = LoadMeasurement | IdleMeasurement | Failure;

/** The same row of another target, or of another serializer and transport. */
export function sameRow(a: Row, b: Row): boolean {
  return (
    a.scenario === b.scenario &&
    a.serializer === b.serializer &&
    a.transport === b.transport &&
    a.target === b.target
  );
}

/** One result a row: the median of its rounds by CPU an operation (of two the lower), or its failure when none finished. */
export function mediansOf(all: readonly Measurement[]): Measurement[] {
  const rows: Measurement[][] = [];
  for (const one of all) {
    const row = rows.find(([first]) => first !== undefined && sameRow(first, one));
    if (row === undefined) rows.push([one]);
    else row.push(one);
  }
  return rows.map(medianOf);
}

function medianOf(rounds: readonly Measurement[]): Measurement {
  const finished = rounds.filter((one) => one.kind !== 'failure').sort((a, b) => cost(a) - cost(b));
  return finished[Math.floor((finished.length - 1) / 2)] ?? (rounds[0] as Measurement);
}

/** What a row is compared by: CPU an operation, or memory a session. */
export function cost(one: Measurement): number {
  if (one.kind === 'load') return one.cpuPerOperation;
  return one.kind === 'idle' ? one.bytesPerSession : Number.NaN;
}
