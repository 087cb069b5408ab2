import { type ChannelBindingType, ConfigError } from '@wampkit/protocol';
import type { HandshakeContext } from './client-authenticator.js';

/** The binding that a client uses: its type, and what both ends see of the channel. */
export interface ChannelBinding {
  readonly type: ChannelBindingType;
  readonly data: Uint8Array;
}

/**
 * Binds a handshake to the TLS channel under it (CS-04, SCRAM-10).
 *
 * @returns `null` when no type is asked for
 * @throws {ConfigError} when the transport has no such binding
 */
export function bindChannel(
  type: ChannelBindingType | undefined,
  { transport }: HandshakeContext,
): ChannelBinding | null {
  if (type === undefined) return null;
  const data = transport.channelBinding?.(type) ?? null;
  if (data === null)
    throw new ConfigError(`channelBinding "${type}": this ${transport.type} transport has none to offer`);
  return { type, data };
}
