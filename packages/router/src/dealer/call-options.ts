import { checkDict, type Dict, emptyDict, MessageCode, ProtocolError } from '@wampkit/protocol';
import { refusePassthru } from '../session/payload-passthru.js';

/** CALL.Options, read once. */
export class CallOptions {
  readonly receiveProgress: boolean;
  readonly discloseMe: boolean;

  constructor(options: Dict) {
    this.receiveProgress = options.receive_progress === true;
    this.discloseMe = options.disclose_me === true;
  }
}

const none = new CallOptions(emptyDict);
/** Pure cache: codecs give the same frozen dict for the same bytes. */
const known = new WeakMap<Dict, CallOptions>();

/**
 * @throws {ProtocolError} for a known option of a wrong type (BP-PERR-06), payload passthru (PPT-03), or a
 *   progressive invocation, which this dealer does not announce (PCI-02)
 */
export function readCallOptions(options: Dict): CallOptions {
  if (options === emptyDict) return none;
  return known.get(options) ?? classify(options);
}

function classify(options: Dict): CallOptions {
  checkDict(MessageCode.Call, options);
  refusePassthru(MessageCode.Call, options);
  if (options.progress === true)
    throw new ProtocolError('CALL: the dealer did not announce progressive_call_invocations');
  const read = new CallOptions(options);
  if (Object.isFrozen(options)) known.set(options, read);
  return read;
}
