import type { Clock, Peer } from '@wampkit/protocol';
import {
  type Bug,
  type EventDropped,
  type RealmOptions,
  Router,
  type SessionLeft,
  type Violation,
} from '@wampkit/router';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { createListener, type ListenerOptions } from '@wampkit/transport';
import { RawClient, type RawClientOptions } from './raw-client.js';

/** How the router under attack is set up. */
export interface VictimOptions {
  readonly realms?: readonly RealmOptions[];
  readonly listener?: Partial<ListenerOptions>;
  readonly clock?: Clock;
}

/** A router under attack, with what it tells of itself. */
export interface Victim extends AsyncDisposable {
  readonly port: number;
  /** The router's ends of all connections, oldest first. */
  readonly peers: readonly Peer[];
  /** How many peers are open. */
  readonly connections: number;
  readonly dropped: readonly EventDropped[];
  readonly left: readonly SessionLeft[];
  readonly violations: readonly Violation[];
  /** Faults of the router itself: none, whatever comes. */
  readonly bugs: readonly Bug[];
  join(options?: RawClientOptions): Promise<RawClient>;
  open(options?: RawClientOptions): Promise<RawClient>;
}

/** Starts a router with one port; every client that it opened is reset at the end. */
export async function startVictim(options: VictimOptions = {}): Promise<Victim> {
  const { realms = [{ name: 'realm1' }], clock, listener: listens } = options;
  const told = { dropped: [] as EventDropped[], left: [] as SessionLeft[] };
  const faults = { violations: [] as Violation[], bugs: [] as Bug[] };
  const peers: Peer[] = [];
  const clients: RawClient[] = [];
  const router = new Router({
    realms,
    ...(clock === undefined ? {} : { clock }),
    events: {
      eventDropped: (info) => told.dropped.push(info),
      sessionLeft: (info) => told.left.push(info),
      violation: (info) => faults.violations.push(info),
      bug: (info) => faults.bugs.push(info),
    },
  });
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer, msgpackSerializer, cborSerializer],
    clock,
    ...listens,
    onPeer: (peer) => {
      peers.push(peer);
      router.attach(peer);
    },
  });
  await listener.listen();
  const port = Number(listener.address.split(':').at(-1));
  const keep = async (opening: Promise<RawClient>): Promise<RawClient> => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  return {
    port,
    peers,
    ...told,
    ...faults,
    get connections() {
      return listener.connections;
    },
    join: (how) => keep(RawClient.join(port, how)),
    open: (how) => keep(RawClient.open(port, how)),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.socket.resetAndDestroy();
      await Promise.all([router.close({ grace: 0 }), listener.close()]);
    },
  };
}
