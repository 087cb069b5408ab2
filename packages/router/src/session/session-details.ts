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
  /** Not what proves a client: the request's headers, its cookie, its certificate. */
  readonly transport: Pick<TransportInfo, 'type' | 'serializer' | 'peer' | 'secure'>;
}

/** Describes a session for others. */
export function describeSession(
  session: number,
  identity: Identity,
  transport: TransportInfo,
): SessionDetails {
  const { authid, authrole, authmethod, authprovider } = identity;
  const { type, serializer, peer, secure } = transport;
  const visible = {
    type,
    ...(serializer === undefined ? {} : { serializer }),
    ...(peer === undefined ? {} : { peer }),
    ...(secure === undefined ? {} : { secure }),
  };
  return { session, authid, authrole, authmethod, authprovider, transport: visible };
}
