import { type Dict, emptyDict } from '@wampkit/protocol';
import type { Session } from '../session/session.js';

/**
 * The six receiver lists of a publication: a session receives iff it is in every eligible list that is present and
 * in no exclude list (BWL-03). A list that is present and empty admits nobody (BWL-04).
 */
export class ReceiverFilter {
  readonly #eligible: ReadonlySet<unknown> | null;
  readonly #eligibleAuthid: ReadonlySet<unknown> | null;
  readonly #eligibleAuthrole: ReadonlySet<unknown> | null;
  readonly #exclude: ReadonlySet<unknown> | null;
  readonly #excludeAuthid: ReadonlySet<unknown> | null;
  readonly #excludeAuthrole: ReadonlySet<unknown> | null;

  /** The filter of PUBLISH.Options, or `null` when they hold no list. */
  static of(options: Dict): ReceiverFilter | null {
    return lists.some((key) => options[key] !== undefined) ? new ReceiverFilter(options) : null;
  }

  private constructor(options: Dict) {
    this.#eligible = setOf(options.eligible);
    this.#eligibleAuthid = setOf(options.eligible_authid);
    this.#eligibleAuthrole = setOf(options.eligible_authrole);
    this.#exclude = setOf(options.exclude);
    this.#excludeAuthid = setOf(options.exclude_authid);
    this.#excludeAuthrole = setOf(options.exclude_authrole);
  }

  admits(session: Session): boolean {
    const { authid, authrole } = session.identity;
    return (
      isListed(this.#eligible, session.id, true) &&
      isListed(this.#eligibleAuthid, authid, true) &&
      isListed(this.#eligibleAuthrole, authrole, true) &&
      !isListed(this.#exclude, session.id, false) &&
      !isListed(this.#excludeAuthid, authid, false) &&
      !isListed(this.#excludeAuthrole, authrole, false)
    );
  }
}

const lists = [
  'eligible',
  'eligible_authid',
  'eligible_authrole',
  'exclude',
  'exclude_authid',
  'exclude_authrole',
];

/** The receiver lists that PUBLISH.Options hold, to be kept. */
export function receiverLists(options: Dict): Dict {
  const held = lists.filter((key) => options[key] !== undefined);
  if (held.length === 0) return emptyDict;
  return Object.freeze(Object.fromEntries(held.map((key) => [key, options[key]])));
}

function setOf(list: unknown): ReadonlySet<unknown> | null {
  return Array.isArray(list) ? new Set(list) : null;
}

function isListed(list: ReadonlySet<unknown> | null, value: unknown, whenAbsent: boolean): boolean {
  return list === null ? whenAbsent : list.has(value);
}
