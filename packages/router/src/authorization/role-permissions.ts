import { ConfigError, describeUriFault, type MatchPolicy } from '@wampkit/protocol';
import { LONGEST_CACHED_URI, MATCH_CACHE_SIZE } from '../limits.js';
import { BoundedMap } from '../uri/bounded-map.js';
import { UriMatcher } from '../uri/uri-matcher.js';
import { patternCovers, patternsOverlap, type UriPattern } from '../uri/uri-pattern.js';
import { type Action, actions, type Decision, type Permissions, unruled } from './decision.js';
import type { PayloadCheck } from './payload-check.js';

/** One rule of a role. */
export interface Permission {
  /** The URI, or the pattern for `match`. */
  uri: string;
  /** How `uri` is compared; `exact` when absent. */
  match?: MatchPolicy;
  /** What the rule allows; it denies every other action. */
  allow: readonly Action[];
  /** Whom `disclose_me` may disclose, and `disclose_caller` (CID-02, CID-04, PID-02); nobody when absent. */
  disclose?: readonly ('caller' | 'publisher')[];
  /**
   * What the payloads of calls and publications that the rule allows have to fit, else they are refused with
   * `wamp.error.invalid_argument`. Only then does the router look into a payload; one that is passed through is refused.
   */
  check?: PayloadCheck;
}

type Decisions = Readonly<Record<Action, Decision>>;

interface Rule extends UriPattern {
  readonly decisions: Decisions;
}

/** The static permissions of a role: the most specific rule decides, as in pattern-based registration; none denies (AZ-01). */
export class RolePermissions implements Permissions {
  /** Everything allowed, and disclosure on request: what an open realm gives. */
  static readonly open = new RolePermissions([
    { uri: '', match: 'prefix', allow: actions, disclose: ['caller', 'publisher'] },
  ]);

  readonly #rules = new UriMatcher<Rule>();
  readonly #decisions = {
    call: decisionCache(),
    register: decisionCache(),
    publish: decisionCache(),
    subscribe: decisionCache(),
  };

  /** @throws {ConfigError} when a rule's URI is malformed for its match policy, or two rules are for the same */
  constructor(permissions: readonly Permission[]) {
    for (const permission of permissions) this.#add(permission);
  }

  /** Decides an action on a concrete URI. */
  decide(action: Action, uri: string): Decision {
    const decisions = this.#decisions[action];
    const known = decisions.get(uri);
    if (known !== undefined) return known;
    const decision = this.#rules.best(uri)?.decisions[action] ?? unruled;
    decisions.set(uri, decision);
    return decision;
  }

  /**
   * Decides a subscription to or registration of a pattern, which stands for every URI that it matches, known or not.
   *
   * The rule that decides the pattern itself is the most specific one that *covers* it, that is, matches every URI that
   * the pattern can match. That the rule matches the pattern's text, read as if it were a URI, is not enough: the exact
   * rule `com.example` says nothing of the rest that the prefix `com.example` reaches, nor does the wildcard rule
   * `com..` say anything of `com.example.a.b`, which the prefix `com.example.` reaches. So
   *
   * - a prefix is decided by a rule whose prefix it begins with (`com.example.` by `com.example.`, `com.` or `com`;
   *   the empty prefix, which matches everything, by the rule of the empty prefix alone);
   * - a wildcard is decided by a prefix rule within its leading concrete components (`com..x` by `com.`, `com` or the
   *   empty prefix), else by a wildcard rule of as many components that is as wide or wider in each (`com..x`, `com..`,
   *   `..x`, `..`).
   *
   * That rule must allow the action, and no rule that denies it may match any URI that the pattern can match, even where
   * a more specific rule would allow that URI. So whatever passes can reach no URI that `decide` would deny.
   */
  decidePattern(action: Action, uri: string, match: MatchPolicy): Decision {
    if (match === 'exact') return this.decide(action, uri);
    const pattern: UriPattern = { uri, match };
    let deciding: Rule | undefined;
    for (const { value: rule } of this.#rules.entries()) {
      if (!rule.decisions[action].allowed && patternsOverlap(rule, pattern)) return rule.decisions[action];
      if (patternCovers(rule, pattern) && (deciding === undefined || isMoreSpecific(rule, deciding)))
        deciding = rule;
    }
    return deciding?.decisions[action] ?? unruled;
  }

  #add({ uri, match = 'exact', allow, disclose = [], check }: Permission): void {
    const name = `${match} ${JSON.stringify(uri)}`;
    const fault = describeUriFault(uri, match);
    if (fault !== null) throw new ConfigError(`permission for ${name}: this is no URI to match so: ${fault}`);
    if (this.#rules.get(uri, match) !== undefined)
      throw new ConfigError(`permission for ${name}: given twice`);
    const decide = (action: Action): Decision =>
      Object.freeze({
        allowed: allow.includes(action),
        discloseCaller: disclose.includes('caller'),
        disclosePublisher: disclose.includes('publisher'),
        rule: name,
        failed: false,
        check: action === 'call' || action === 'publish' ? (check ?? null) : null,
      });
    const decisions: Decisions = {
      call: decide('call'),
      register: decide('register'),
      publish: decide('publish'),
      subscribe: decide('subscribe'),
    };
    this.#rules.set(uri, match, { uri, match, decisions });
  }
}

function decisionCache(): BoundedMap<Decision> {
  return new BoundedMap(MATCH_CACHE_SIZE, LONGEST_CACHED_URI);
}

/* The order of `UriMatcher.best`, among rules that cover one pattern: two prefixes of it are nested, and where two
   wildcards first differ, one is concrete. */
function isMoreSpecific(a: Rule, b: Rule): boolean {
  if (a.match !== b.match) return a.match === 'exact' || (a.match === 'prefix' && b.match === 'wildcard');
  if (a.match !== 'wildcard') return a.uri.length > b.uri.length;
  const others = b.uri.split('.');
  const differing = a.uri.split('.').findIndex((part, index) => part !== others[index]);
  return others[differing] === '';
}
