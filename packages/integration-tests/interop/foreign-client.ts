import type { MatchPolicy } from '@wampkit/protocol';
import type { LackedAuth, Lacks } from './feature.js';

/** Arguments of a result, an event or an error. */
export interface ForeignPayload {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** An ERROR as a foreign client gives or gets it. */
export interface ForeignError extends ForeignPayload {
  readonly uri: string;
}

/** A joined session of somebody else's client, as the suite drives it. */
export interface ForeignClient {
  readonly session: number;
  /** WELCOME.Details.authid. */
  readonly authid: string;
  /** Resolves with the result, or with the error that it was answered with. */
  call(procedure: string, payload: ForeignPayload): Promise<ForeignPayload | ForeignError>;
  /** Registers a procedure that answers with what it was given. */
  registerEcho(procedure: string, match: MatchPolicy): Promise<void>;
  /** Registers a procedure that always answers with an error. */
  registerFailing(procedure: string, error: ForeignError): Promise<void>;
  subscribe(topic: string, match: MatchPolicy, onEvent: (event: ForeignPayload) => void): Promise<void>;
  /** Publishes with acknowledge. */
  publish(topic: string, payload: ForeignPayload): Promise<void>;
  close(): Promise<void>;
}

/** As whom to join. */
export interface ForeignUser {
  readonly method: 'anonymous' | 'ticket' | 'wampcra' | 'cryptosign' | 'scram';
  /** Absent: HELLO names none. */
  readonly authid?: string;
  /** The ticket, secret or password, or the Ed25519 seed, 64 hex digits; of no use to `anonymous`. */
  readonly secret?: string;
  /** Asked for by `cryptosign`. */
  readonly channelBinding?: 'tls-unique';
}

/** How to join. */
export interface ForeignConnectOptions {
  readonly transport: 'websocket' | 'rawsocket';
  readonly serializer: 'json' | 'msgpack' | 'cbor';
  /** Whether the subprotocol is the batched one. */
  readonly batched?: boolean;
  /** Host and port of the router. */
  readonly address: string;
  readonly realm: string;
  /** Whether over TLS. */
  readonly secure?: boolean;
  readonly user?: ForeignUser;
}

/** One way in which a foreign client can be connected. */
export interface ForeignCell {
  readonly transport: 'websocket' | 'rawsocket';
  readonly serializer: 'json' | 'msgpack' | 'cbor';
  /** What the client cannot do there, and is not asked to. */
  readonly lacks?: Lacks;
}

/** Every transport with every serializer. */
export const allCells: readonly ForeignCell[] = (['websocket', 'rawsocket'] as const).flatMap((transport) =>
  (['json', 'msgpack', 'cbor'] as const).map((serializer) => ({ transport, serializer })),
);

/** Somebody else's client. */
export interface ForeignKind {
  readonly cells: readonly ForeignCell[];
  /** The ways to authenticate that it does not have. */
  readonly lackedAuth: LackedAuth;
  /** What its error tells of ABORT. */
  readonly abortIsToldBy: 'reason' | 'message';
  /** Rejects with an error whose message has ABORT's reason or its message, as `abortIsToldBy` says. */
  connect(options: ForeignConnectOptions): Promise<ForeignClient>;
}
