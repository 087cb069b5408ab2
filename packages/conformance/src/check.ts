import type { Codec, SerializerName } from './codec.js';
import type { Connection } from './connection.js';
import type { Credentials } from './credentials.js';
import type { Dict, Session } from './session.js';
import type { HttpPost } from './wire/http-post.js';
import type { OctetStream } from './wire/octet-stream.js';
import type { WebSocketWire } from './wire/websocket-wire.js';
import type { TlsSettings, Wire } from './wire/wire.js';

/** How strongly the specification asks for something. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** The transports and serializers that a check is about; all when absent. */
export interface Scope {
  readonly transport?: Wire['kind'];
  readonly serializers?: readonly SerializerName[];
}

/** One check of one requirement. */
export interface Check {
  /** The requirement's number, such as `BP-PS-03`; several checks may bear one number. */
  readonly id: string;
  /** What must be true, in one line; id and title together are unique. */
  readonly title: string;
  readonly level: Level;
  /** Where the check applies; everywhere when absent. */
  readonly scope?: Scope;
  /** Runs against the router with connections of its own. Throws `CheckFailure` or `CheckSkipped`. */
  readonly run: (t: CheckContext) => Promise<void>;
}

/** How a session of a check differs from the ordinary. */
export interface JoinOptions {
  /** HELLO.Details; every role and feature when absent. */
  details?: Dict;
  serializer?: SerializerName;
  /** L of a RawSocket handshake. */
  lengthExponent?: number;
}

/** What a check works with. Whatever it opens is closed after it. */
export interface CheckContext {
  readonly url: string;
  readonly realm: string;
  readonly codec: Codec;
  readonly transport: Wire['kind'];
  /** How long to wait for one thing, in ms. */
  readonly timeout: number;
  readonly tls: TlsSettings | undefined;
  /** What checks of authentication prove themselves with; empty when none were given. */
  readonly credentials: Credentials;
  /** A URI that nobody else uses: `uri('a')` is the same each time within one check. */
  uri(name?: string): string;
  /** A connection without a session. */
  connect(options?: JoinOptions): Promise<Connection>;
  /** An open session on a connection of its own. */
  join(options?: JoinOptions): Promise<Session>;
  /** An open session with a feature of the router's role; the check is skipped when it is not announced. */
  joinWith(role: 'broker' | 'dealer', feature: string): Promise<Session>;
  /** A WebSocket connection's wire, for checks whose scope is that transport. */
  websocket(connection: Connection): WebSocketWire;
  /** A bare socket, for checks whose scope is RawSocket. */
  octets(): Promise<OctetStream>;
  /** HTTP requests, for checks whose scope is long-poll. */
  http(): HttpPost;
}

/** Makes the functions that write checks down. */
function ofLevel(level: Level) {
  return (id: string, title: string, run: Check['run']): Check => ({ id, title, level, run });
}

/** A check of what routers must do. */
export const must = ofLevel('MUST');
/** A check of what routers should do. */
export const should = ofLevel('SHOULD');
/** A check of what routers may do. */
export const may = ofLevel('MAY');

/** The same checks, about these transports and serializers alone. */
export function within(scope: Scope, checks: readonly Check[]): readonly Check[] {
  return checks.map((check) => ({ ...check, scope: { ...check.scope, ...scope } }));
}

const transportNames = { websocket: 'WebSocket', rawsocket: 'RawSocket', longpoll: 'long-poll' };

/**
 * Why a check does not apply to a transport and serializer; `null` when it does.
 *
 * @returns a phrase such as `this is about RawSocket`
 */
export function whyNot({ scope }: Check, transport: Wire['kind'], serializer: SerializerName): string | null {
  if (scope?.transport !== undefined && scope.transport !== transport)
    return `this is about ${transportNames[scope.transport]}`;
  if (scope?.serializers?.includes(serializer) === false)
    return `this is about sessions in ${scope.serializers.join(' or ')}`;
  return null;
}
