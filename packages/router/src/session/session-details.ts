import type { TransportInfo } from '@wampkit/protocol';

/** Who a session is, as its authentication granted. */
export interface Identity {
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
}

/** A session as `wamp.session.get` tells it (SMETA-05). */
export interface SessionDetails extends Identity {
  readonly session: number;
  /** Without the request's headers, which may hold secrets. */
  readonly transport: Omit<TransportInfo, 'headers'>;
}

/** Describes a session for others. */
export function describeSession(
  session: number,
  identity: Identity,
  transport: TransportInfo,
): SessionDetails {
  const { authid, authrole, authmethod, authprovider } = identity;
  const { headers: _, channelBinding: __, ...visible } = transport;
  return { session, authid, authrole, authmethod, authprovider, transport: visible };
}
