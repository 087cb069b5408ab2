import { checkDict, type Dict, emptyDict, MessageCode } from '@wampkit/protocol';
import { passthruOf } from '../session/payload-passthru.js';

/** CALL.Options, read once. */
export class CallOptions {
  readonly receiveProgress: boolean;
  readonly discloseMe: boolean;
  /** Whether more chunks of this call follow (PCI-04). */
  readonly progress: boolean;
  /** In milliseconds; 0: none (TMO-01). */
  readonly timeout: number;
  /** What INVOCATION.Details tell of a payload passed through (PPT-02); `null`: an ordinary payload. */
  readonly passthru: Dict | null;

  constructor(options: Dict) {
    this.receiveProgress = options.receive_progress === true;
    this.discloseMe = options.disclose_me === true;
    this.progress = options.progress === true;
    this.timeout = (options.timeout ?? 0) as number;
    this.passthru = passthruOf(options);
  }
}

const none = new CallOptions(emptyDict);
/** Pure cache: codecs give the same frozen dict for the same bytes. */
const known = new WeakMap<Dict, CallOptions>();

/** @throws {ProtocolError} for a known option of a wrong type (BP-PERR-06) */
export function readCallOptions(options: Dict): CallOptions {
  if (options === emptyDict) return none;
  return known.get(options) ?? classify(options);
}

function classify(options: Dict): CallOptions {
  checkDict(MessageCode.Call, options);
  const read = new CallOptions(options);
  if (Object.isFrozen(options)) known.set(options, read);
  return read;
}
