import type { Transport } from '../wire/connection.js';

/** What one start of a router is asked for. */
export interface Start {
  /** Where it has to serve `realm1`, on 127.0.0.1. */
  readonly port: number;
  readonly transport: Transport;
  readonly serializer: string;
  /** An empty folder of this start's own, for a config that names the port. */
  readonly folder: string;
}

/** How a router is started. */
interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A router that the benchmark can start. */
export interface Target {
  readonly name: string;
  /** Whether it runs on Node, where a collection can be asked for before memory is read. */
  readonly node: boolean;
  readonly transports: readonly Transport[];
  readonly serializers: readonly string[];
  /** Its version, or `null` where it is not installed. */
  version(): string | null;
  command(start: Start): Command;
}
