import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ChannelBindingType } from '@wampkit/protocol';

/** Length of a `tls-exporter` binding: RFC 9266 section 4. */
const EXPORTER_LENGTH = 32;

/**
 * What names the TLS channel over a socket, equal at both ends (CS-04, SCRAM-10).
 *
 * - `tls-exporter`: 32 octets of keying material, RFC 9266.
 * - `tls-unique`: the first Finished message of the handshake, RFC 5929 section 3. TLS 1.3 has none; nor has a resumed
 *   session, whose first Finished is the server's and which the triple handshake attack can bind to two channels.
 * - `tls-server-end-point`: not told, since node:tls does not say by which hash a certificate is signed.
 *
 * @returns `null` when the channel has no binding of this type
 */
export function channelBinding(
  socket: Socket,
  end: 'client' | 'server',
  type: ChannelBindingType,
): Uint8Array | null {
  const tls = socket as TLSSocket;
  if (tls.encrypted !== true) return null;
  if (type === 'tls-exporter') {
    if (tls.getProtocol() !== 'TLSv1.3') return null;
    return tls.exportKeyingMaterial(EXPORTER_LENGTH, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  }
  if (type !== 'tls-unique' || tls.getProtocol() !== 'TLSv1.2' || tls.isSessionReused()) return null;
  return (end === 'client' ? tls.getFinished() : tls.getPeerFinished()) ?? null;
}
