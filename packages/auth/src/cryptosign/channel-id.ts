import type { ChannelBindingType } from '@wampkit/protocol';
import { sha256 } from '#hash';

/**
 * The channel id that cryptosign mixes into what it signs: 32 octets of a channel's binding data (CS-04). `tls-exporter`
 * is of that length; the Finished message of `tls-unique` is not, and is hashed by SHA-256, as other routers do.
 */
export function cryptosignChannelId(type: ChannelBindingType, data: Uint8Array): Uint8Array {
  return type === 'tls-exporter' ? data : sha256(data);
}
