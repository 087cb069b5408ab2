import { describeUriFault, type MatchPolicy, type UriCheck } from '@wampkit/protocol';
import { LONGEST_CACHED_URI, LONGEST_KEPT_URI, MATCH_CACHE_SIZE } from '../limits.js';
import { BoundedMap } from './bounded-map.js';

/** The shape that a realm's `uriCheck` wants of URIs. */
export class UriRules {
  readonly #check: UriCheck;
  /** By URI; the empty string means that there is none. */
  readonly #faults = new BoundedMap<string>(MATCH_CACHE_SIZE, LONGEST_CACHED_URI);

  constructor(check: UriCheck) {
    this.#check = check;
  }

  /** What is wrong with a URI as PUBLISH, CALL and ERROR carry it (BP-URI-02); the empty string when nothing is. */
  fault(uri: string): string {
    const known = this.#faults.get(uri);
    if (known !== undefined) return known;
    const fault = describeUriFault(uri, 'exact', this.#check) ?? '';
    this.#faults.set(uri, fault);
    return fault;
  }

  /** What is wrong with a URI as SUBSCRIBE and REGISTER carry it (BP-URI-03); the empty string when nothing is. */
  patternFault(uri: string, match: MatchPolicy): string {
    if (uri.length > LONGEST_KEPT_URI) return `it is longer than ${LONGEST_KEPT_URI} characters`;
    return match === 'exact' ? this.fault(uri) : (describeUriFault(uri, match, this.#check) ?? '');
  }
}
