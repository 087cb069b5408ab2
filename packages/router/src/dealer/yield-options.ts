import { checkDict, type Dict, emptyDict, MessageCode } from '@wampkit/protocol';
import { passthruOf } from '../session/payload-passthru.js';

/** YIELD.Options, read once. */
export class YieldOptions {
  readonly progress: boolean;
  /** Whether the payload is passed through (PPT-02). */
  readonly isPassthru: boolean;
  /** RESULT.Details that follow from them. */
  readonly details: Dict;

  constructor(options: Dict) {
    const passthru = passthruOf(options);
    this.progress = options.progress === true;
    this.isPassthru = passthru !== null;
    const details = { ...(this.progress && { progress: true }), ...passthru };
    this.details = this.progress || this.isPassthru ? Object.freeze(details) : emptyDict;
  }
}

const none = new YieldOptions(emptyDict);
/** Pure cache: codecs give the same frozen dict for the same bytes. */
const known = new WeakMap<Dict, YieldOptions>();

/** @throws {ProtocolError} for a known option of a wrong type (BP-PERR-06) */
export function readYieldOptions(options: Dict): YieldOptions {
  if (options === emptyDict) return none;
  return known.get(options) ?? classify(options);
}

function classify(options: Dict): YieldOptions {
  checkDict(MessageCode.Yield, options);
  const read = new YieldOptions(options);
  if (Object.isFrozen(options)) known.set(options, read);
  return read;
}
