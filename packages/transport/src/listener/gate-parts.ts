import type { Serializer } from '@wampkit/protocol';
import type { PeerHost } from '../peer/peer-host.js';

/** What the gate of every protocol needs from its listener. */
export interface GateParts {
  readonly host: PeerHost;
  readonly serializers: readonly Serializer[];
  /** How many peers there may be; 0: no bound. */
  readonly maxConnections: number;
  /** The unix socket's path, where the listener has one. */
  readonly path?: string | undefined;
}
