import { type Client, type ConnectOptions, connect } from '@wampkit/client';
import { testTls } from '@wampkit/testkit';
import { type Scheme, serializers, type TestRouter } from '../src/start-router.js';

/** Name of a serializer. */
type SerializerName = keyof typeof serializers;

/** How one client reaches the router: in memory, or over a transport in a serializer. */
export type End =
  | { readonly scheme: 'memory' }
  | { readonly scheme: Scheme; readonly serializer: SerializerName; readonly batched?: boolean };

/** One cell of the matrix: who calls and publishes, and who is called and subscribes. */
export interface Cell {
  readonly name: string;
  readonly caller: End;
  readonly callee: End;
}

const schemes: readonly Scheme[] = ['ws', 'wss', 'http', 'tcp', 'tcps', 'unix'];
const names: readonly SerializerName[] = ['json', 'msgpack', 'cbor'];
const memory: End = { scheme: 'memory' };

/** Each transport with each ordered pair of serializers, and memory with itself and with each serializer both ways. */
export const cells: readonly Cell[] = [
  ...schemes.flatMap((scheme) =>
    names.flatMap((from) =>
      names.map((to) => cellOf({ scheme, serializer: from }, { scheme, serializer: to })),
    ),
  ),
  ...names.map((serializer) => cellOf({ scheme: 'https', serializer }, { scheme: 'ws', serializer })),
  ...names.flatMap((serializer) => [
    cellOf({ scheme: 'ws', serializer, batched: true }, { scheme: 'ws', serializer, batched: true }),
    cellOf({ scheme: 'ws', serializer, batched: true }, { scheme: 'tcp', serializer }),
    cellOf({ scheme: 'wss', serializer }, { scheme: 'wss', serializer, batched: true }),
    cellOf({ scheme: 'http', serializer, batched: false }, { scheme: 'http', serializer }),
  ]),
  cellOf(memory, memory),
  ...names.flatMap((serializer) => [
    cellOf(memory, { scheme: 'ws', serializer }),
    cellOf({ scheme: 'ws', serializer }, memory),
  ]),
];

/** Joins a client at an end. */
export function joinAt(
  router: TestRouter,
  end: End,
  own: Pick<ConnectOptions, 'payloads' | 'onError'> = {},
): Promise<Client> {
  if (end.scheme === 'memory')
    return connect('memory', { realm: 'realm1', peer: router.attachPeer(), ...own });
  const options = {
    ...own,
    serializers: [serializers[end.serializer]],
    tls: { ca: testTls().cert },
    reconnect: false,
    ...(end.batched === undefined ? {} : { batched: end.batched }),
  } as const;
  return connect(router.url(end.scheme), { realm: 'realm1', ...options });
}

function cellOf(caller: End, callee: End): Cell {
  return { name: `${nameOf(caller)} -> ${nameOf(callee)}`, caller, callee };
}

function nameOf(end: End): string {
  if (end.scheme === 'memory') return 'memory';
  const how = end.batched === undefined ? '' : end.batched ? ', batched' : ', message by message';
  return `${end.scheme}/${end.serializer}${how}`;
}
