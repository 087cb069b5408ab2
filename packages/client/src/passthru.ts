/**
 * Payload passthru: payloads that the router hands on without looking at them, packed by what the `ppt_…` options of a
 * call or publication say.
 *
 * @module
 */

import { PackingPeer } from './passthru/packing-peer.js';
import { type PackingOptions, PassthruPacker } from './passthru/passthru-packer.js';
import type { PayloadCodec } from './payload-codec.js';

export type { PassthruOptions } from './passthru/passthru-options.js';
export type { PackingOptions, PassthruScheme } from './passthru/passthru-packer.js';

/**
 * For `ConnectOptions.payloads`: packs and unpacks by `ppt_scheme` and `ppt_serializer`. JSON is always there, more
 * serializers and schemes of your own as given. Answers are packed as the call was.
 *
 * @example
 * const client = await connect(url, { realm: 'realm1', payloads: passthru({ serializers: [cborSerializer] }) });
 * await client.call('com.example.p', { args: [1] }, { ppt_scheme: 'x_mine', ppt_serializer: 'cbor' });
 */
export function passthru(options: PackingOptions = {}): PayloadCodec {
  const packer = new PassthruPacker(options);
  return { wrap: (peer, reporter) => new PackingPeer(peer, packer, reporter) };
}
