import type { ClientAuthenticator } from '@wampkit/auth';
import {
  type Args,
  type Clock,
  type Dict,
  emptyDict,
  type Kwargs,
  type MatchPolicy,
  type Peer,
  type Serializer,
} from '@wampkit/protocol';
import type { HookOptions } from './hooks.js';
import type { PassthruOptions } from './passthru/passthru-options.js';
import type { PayloadCodec } from './payload-codec.js';

/** An application payload: positional and keyword arguments, both optional. */
export interface PayloadInput {
  readonly args?: Args;
  readonly kwargs?: Kwargs;
}

/**
 * A payload in chunks, sent as they come (PCI): what is yielded says that more follows, what a generator returns is the
 * last one, empty if it returns nothing.
 */
export type PayloadChunks = AsyncIterable<PayloadInput>;

/** Options of your own, for a router that knows them: names begin with `_` (BP-MSG-04). */
export interface CustomOptions {
  readonly [name: `_${string}`]: unknown;
}

/** What a procedure returns or yields in full: its payload, and YIELD.Options. */
export interface ResultInput extends PayloadInput {
  readonly options?: CustomOptions & PassthruOptions;
}

/** How a canceled call ends (CAN-02 to 04). */
export type CancelMode = 'skip' | 'kill' | 'killnowait';

/** What to do with an item when a buffer is full; `error` ends the subscription or stream with an error. */
export type OverflowPolicy = 'drop-oldest' | 'drop-newest' | 'error';

/** Options of a call: CALL.Options by the spec's names, and what is the SDK's own in camel case. */
export interface CallOptions extends CustomOptions, PassthruOptions {
  /** Ask that the callee learns who calls (CID-02). */
  readonly disclose_me?: boolean;
  /**
   * Milliseconds, 0 = none; restarted by each progressive result. It goes to the router as CALL.Options.timeout
   * (TMO-01) and runs here too (TMO-06): when it ends, CANCEL `killnowait` is sent and the call rejects with
   * TimeoutError.
   */
  readonly timeout?: number;
  /** Aborting it sends CANCEL and rejects with CanceledError. */
  readonly signal?: AbortSignal;
  /** The mode of that CANCEL; with `kill` the call waits for the callee's answer. Default `killnowait`. */
  readonly cancelMode?: CancelMode;
}

/** Options of a stream of progressive results. */
export interface StreamOptions extends CallOptions {
  /** How many results wait for the iterator. Default 10,000. */
  readonly buffer?: number;
  /** Default `error`: the call is canceled rather than a result lost. */
  readonly overflow?: OverflowPolicy;
}

/** Options of a publication: PUBLISH.Options by the spec's names. */
export interface PublishOptions extends CustomOptions, PassthruOptions {
  /** Wait for PUBLISHED, and learn of refusals; without it they are silent (BP-PS-04). */
  readonly acknowledge?: boolean;
  /** `false`: the publisher gets its own event, if subscribed (PEX-01). */
  readonly exclude_me?: boolean;
  /** Ask that subscribers learn who published (PID-02). */
  readonly disclose_me?: boolean;
  /** Keep as the topic's retained event (RET-02). */
  readonly retain?: boolean;
  /** Receivers by session, authid and authrole; a present but empty `eligible*` means nobody (BWL-02 to 04). */
  readonly exclude?: readonly number[];
  readonly exclude_authid?: readonly string[];
  readonly exclude_authrole?: readonly string[];
  readonly eligible?: readonly number[];
  readonly eligible_authid?: readonly string[];
  readonly eligible_authrole?: readonly string[];
  /** Gives up waiting for PUBLISHED; what is sent stays sent. */
  readonly signal?: AbortSignal;
}

/** Options of a subscription: SUBSCRIBE.Options by the spec's names, and what is the SDK's own in camel case. */
export interface SubscribeOptions extends CustomOptions {
  /** How the topic is compared (PSUB-01). Default `exact`. */
  readonly match?: MatchPolicy;
  /** Ask for the most recent retained event (RET-03). */
  readonly get_retained?: boolean;
  /** Aborting it ends the subscription, also later. */
  readonly signal?: AbortSignal;
}

/** Options of a subscription that is iterated. */
export interface EventStreamOptions extends SubscribeOptions {
  /** How many events wait for the iterator. Default 1024. */
  readonly buffer?: number;
  /** Default `drop-oldest`; what was dropped is counted in `dropped`. */
  readonly overflow?: OverflowPolicy;
}

/** Options of a registration: REGISTER.Options by the spec's names. */
export interface RegisterOptions extends CustomOptions {
  /** How the procedure is compared (PREG-01). Default `exact`. */
  readonly match?: MatchPolicy;
  /** Who of several callees is chosen (SHR-01). Default `single`. */
  readonly invoke?: 'single' | 'first' | 'last' | 'roundrobin' | 'random';
  /** How many invocations the router has in flight at most. */
  readonly concurrency?: number;
  /** Ask that callers are disclosed on every call (CID-04). */
  readonly disclose_caller?: boolean;
  /** Take the registration from another session that holds it. */
  readonly force_reregister?: boolean;
  /** The router hands a call's timeout on to this callee, where it aborts `invocation.signal` (TMO-04). */
  readonly forward_timeout?: boolean;
  /** Aborting it ends the registration, also later. */
  readonly signal?: AbortSignal;
}

/** What a join says. */
export interface JoinOptions {
  readonly realm: string;
  /** Methods to offer, in order of preference. None: anonymous, as the router sees fit. */
  readonly auth?: ClientAuthenticator | readonly ClientAuthenticator[];
  /** Milliseconds from HELLO to WELCOME. Default 10,000. */
  readonly joinTimeout?: number;
  readonly signal?: AbortSignal;
}

/** What a transport is made with; passed on to `connectPeer`. Not all of it means something in a browser. */
export interface TransportOptions {
  /** Offered in this order. Default JSON. */
  readonly serializers?: readonly Serializer[];
  /** TLS of wss, https and tcps URLs (Node). */
  readonly tls?: {
    readonly ca?: string | Uint8Array;
    readonly cert?: string | Uint8Array;
    readonly key?: string | Uint8Array;
    readonly rejectUnauthorized?: boolean;
  };
  /** HTTP headers of the WebSocket handshake, and of long-poll requests (Node). */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Offer subprotocols in which messages travel in batches: over WebSocket false by default, over long-poll true. In
   * browsers with the `connectPeer` of `/longpoll`.
   */
  readonly batched?: boolean;
  /** Offer permessage-deflate (Node; browsers always do). */
  readonly compression?: boolean;
  /** Milliseconds between pings and until an unanswered one ends the transport; 0 = none (Node). */
  readonly pingInterval?: number;
  readonly pingTimeout?: number;
  /** Largest message to receive, bytes. */
  readonly maxMessageSize?: number;
  /** Bytes in the send queue above which it counts as congested, and above which the transport is closed. */
  readonly highWaterMark?: number;
  readonly hardLimit?: number;
  /** Milliseconds for the transport of one URL. Default 10,000. */
  readonly connectTimeout?: number;
}

/** What a `connectPeer` gets beside the URL. */
export interface ConnectPeerOptions extends TransportOptions {
  readonly serializers: readonly Serializer[];
  readonly connectTimeout: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Makes the transport to a URL; a seam. Rejects with ConnectError, also after `connectTimeout`, or with CanceledError
 * once `signal` aborts.
 */
export type ConnectPeer = (url: string, options: ConnectPeerOptions) => Promise<Peer>;

/** How a lost connection is made again: exponential waits, of which a random part is taken. */
export interface ReconnectOptions {
  /** Milliseconds. Default 200. */
  readonly initialDelay?: number;
  /** Milliseconds. Default 30,000. */
  readonly maxDelay?: number;
  /** Default 2. */
  readonly factor?: number;
  /** `full` (default): a random wait between nothing and the computed one; `none`: the computed one. */
  readonly jitter?: 'full' | 'none';
  /** Attempts in a row before the client gives up and closes. Default: without end. */
  readonly retries?: number;
}

/** Options of `connect`. */
export interface ConnectOptions extends JoinOptions, TransportOptions, HookOptions {
  /** `false`: a lost connection closes the client. Default: reconnect. */
  readonly reconnect?: false | ReconnectOptions;
  /** Gives up connecting and, later, closes the client. */
  readonly signal?: AbortSignal;
  /** `HELLO.Details.agent`. */
  readonly agent?: string;
  /** Packs and encrypts payloads; `passthru()` or `keyRing()` makes one. Default: each goes and comes as it is. */
  readonly payloads?: PayloadCodec;
  /** Where time comes from. */
  readonly clock?: Clock;
  /** Where jitter comes from: a number in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Makes transports; default WebSocket in browsers, in Node RawSocket and long-poll too. `/longpoll` has one for browsers. */
  readonly connectPeer?: ConnectPeer;
  /** A transport that is there already: no URL is connected, and nothing reconnected. */
  readonly peer?: Peer;
}

const ownKeys: ReadonlySet<string> = new Set(['signal', 'cancelMode', 'buffer', 'overflow']);

/** Options as they go over the wire: exactly those given, without the SDK's own and without `undefined`. */
export function wireOptions(options: object | undefined): Dict {
  if (options === undefined) return emptyDict;
  const entries = Object.entries(options).filter(([key, value]) => value !== undefined && !ownKeys.has(key));
  return entries.length === 0 ? emptyDict : Object.fromEntries(entries);
}
