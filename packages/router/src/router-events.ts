import type { TransportInfo } from '@wampkit/protocol';
import type { SessionDetails } from './session/session-details.js';

/** A session has been welcomed. */
export interface SessionJoined {
  readonly realm: string;
  readonly session: SessionDetails;
}

/** A session has ended, by whatever way; told once. */
export interface SessionLeft {
  readonly realm: string;
  readonly session: SessionDetails;
  /** GOODBYE's or ABORT's reason, or `null` when the transport went. */
  readonly reason: string | null;
  /** For people. */
  readonly message: string;
}

/** A handshake has ended with ABORT. */
export interface JoinRefused {
  /** HELLO.Realm; `null` when no HELLO came. */
  readonly realm: string | null;
  /** HELLO.Details.authid: who the peer claims to be, unproven, its first 256 characters; `null` when it names nobody. */
  readonly authid: string | null;
  /** ABORT.Reason. */
  readonly reason: string;
  readonly message: string;
  readonly transport: TransportInfo;
}

/** An address or an authid has failed to authenticate too often; for a minute it is denied (AUTH-04). */
export interface LockedOut {
  /** The realm of the last failure. */
  readonly realm: string;
  /** An IPv4 address, or the network of an IPv6 address; `null` when it is an authid. */
  readonly address: string | null;
  /** As HELLO claimed it, its first 256 characters; `null` when it is an address. */
  readonly authid: string | null;
}

/** A peer broke the protocol; its session, if it had one, has ended. */
export interface Violation {
  readonly realm: string | null;
  readonly session: number | null;
  readonly message: string;
  readonly transport: TransportInfo;
}

/** An EVENT was not sent to one receiver. */
export interface EventDropped {
  readonly realm: string;
  /** The receiver. */
  readonly session: number;
  readonly subscription: number;
  readonly publication: number;
  /** `congested`: the receiver reads too slowly; `too_large`: it takes no message of that size; `unencodable`: a value has no form in its serializer. */
  readonly cause: 'congested' | 'too_large' | 'unencodable';
}

/** A request was not authorized. */
export interface Denied {
  readonly realm: string;
  readonly session: number;
  readonly action: string;
  readonly uri: string;
  /** The rule that decided. */
  readonly rule: string;
  /** Whether an authorizer could not decide (AZ-02). */
  readonly failed: boolean;
}

/** A CALL or PUBLISH was refused because its payload does not fit what the rule that allows it asks. */
export interface PayloadRefused {
  readonly realm: string;
  readonly session: number;
  readonly action: string;
  readonly uri: string;
  /** The rule. */
  readonly rule: string;
  /** Where the payload does not fit, as a JSON Pointer that begins with `/args` or `/kwargs`. */
  readonly path: string;
  /** What it fails, such as the keyword of a JSON Schema. */
  readonly keyword: string;
}

/** Something threw that must not: a hook, an authenticator's step, or the router itself. */
export interface Bug {
  readonly realm: string | null;
  /** The session that was ended for it. */
  readonly session: number | null;
  readonly error: unknown;
}

/** What log, metrics and tracing listen to. Called synchronously; keep them short and do not throw. */
export interface RouterEvents {
  sessionJoined(info: SessionJoined): void;
  sessionLeft(info: SessionLeft): void;
  joinRefused(info: JoinRefused): void;
  lockedOut(info: LockedOut): void;
  violation(info: Violation): void;
  eventDropped(info: EventDropped): void;
  denied(info: Denied): void;
  payloadRefused(info: PayloadRefused): void;
  bug(info: Bug): void;
}

/** The hooks as the engine asks for them: `null` where nobody listens. */
export type RouterHooks = { readonly [K in keyof RouterEvents]: RouterEvents[K] | null };

/** Fixes the shape of the hooks, bound to the object that brought them. */
export function routerHooks(events: Partial<RouterEvents> = {}): RouterHooks {
  return {
    sessionJoined: events.sessionJoined?.bind(events) ?? null,
    sessionLeft: events.sessionLeft?.bind(events) ?? null,
    joinRefused: events.joinRefused?.bind(events) ?? null,
    lockedOut: events.lockedOut?.bind(events) ?? null,
    violation: events.violation?.bind(events) ?? null,
    eventDropped: events.eventDropped?.bind(events) ?? null,
    denied: events.denied?.bind(events) ?? null,
    payloadRefused: events.payloadRefused?.bind(events) ?? null,
    bug: events.bug === undefined ? null : safely(events.bug.bind(events)),
  };
}

/* A bug is reported from where nothing more can be caught. */
function safely(tell: RouterEvents['bug']): RouterEvents['bug'] {
  return (info) => {
    try {
      tell(info);
    } catch {
      // the hook for bugs has one itself: nobody is left to tell
    }
  };
}
