import { type Args, Call, type Dict, isDict, type Kwargs, Payload } from '@wampkit/protocol';
import type { Packer } from './packing.js';
import { passthruOf } from './passthru-options.js';

/** The procedure whose arguments hold a publication: what is said there must not be read by the router either. */
export const ADD_TESTAMENT = 'wamp.session.add_testament';

/**
 * Packs the payload of the publication within a call that leaves a testament (TEST-04).
 *
 * @returns the call itself where that payload is an ordinary one
 * @throws {WampError} when it cannot be packed
 */
export function packTestament(packer: Packer, message: Call): Call {
  const [topic, args, kwargs] = message.payload.args();
  const others = message.payload.kwargs();
  const options = isDict(others.publish_options) ? (others.publish_options as Dict) : {};
  if (typeof topic !== 'string' || !Array.isArray(args) || !isDict(kwargs)) return message;
  const packing = packer.choose(topic, passthruOf(options));
  if (packing === null) return message;
  const packed = packing.pack(Payload.of(args as Args, kwargs as Kwargs)).args();
  const payload = Payload.of([topic, packed, {}], {
    ...others,
    publish_options: { ...options, ...packing.attributes },
  });
  return new Call(message.request, message.options, message.procedure, payload);
}
