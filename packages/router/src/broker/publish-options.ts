import { checkDict, type Dict, emptyDict, MessageCode } from '@wampkit/protocol';
import { passthruOf } from '../session/payload-passthru.js';
import { ReceiverFilter } from './receiver-filter.js';

/** PUBLISH.Options, read once. */
export class PublishOptions {
  readonly acknowledge: boolean;
  readonly excludeMe: boolean;
  readonly discloseMe: boolean;
  /** Who gets it; `null`: whoever subscribes. */
  readonly filter: Pick<ReceiverFilter, 'admits'> | null;
  /** Whether it is kept for subscribers to come (RET-02). */
  readonly retain: boolean;
  /** Whether it names sessions: then no history keeps it (HIST-06). */
  readonly namesSessions: boolean;
  /** What EVENT.Details tell of a payload passed through (PPT-02); `null`: an ordinary payload. */
  readonly passthru: Dict | null;

  constructor(options: Dict) {
    this.acknowledge = options.acknowledge === true;
    this.excludeMe = options.exclude_me !== false;
    this.discloseMe = options.disclose_me === true;
    this.filter = ReceiverFilter.of(options);
    this.retain = options.retain === true;
    this.namesSessions = options.exclude !== undefined || options.eligible !== undefined;
    this.passthru = passthruOf(options);
  }
}

const none = new PublishOptions(emptyDict);
/** Pure cache: codecs give the same frozen dict for the same bytes. */
const known = new WeakMap<Dict, PublishOptions>();

/** @throws {ProtocolError} for a known option of a wrong type (BP-PERR-06) */
export function readPublishOptions(options: Dict): PublishOptions {
  if (options === emptyDict) return none;
  return known.get(options) ?? classify(options);
}

function classify(options: Dict): PublishOptions {
  checkDict(MessageCode.Publish, options);
  const read = new PublishOptions(options);
  if (Object.isFrozen(options)) known.set(options, read);
  return read;
}
