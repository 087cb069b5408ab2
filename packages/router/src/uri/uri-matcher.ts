import type { MatchPolicy } from '@wampkit/protocol';
import { LARGEST_CACHED_MATCH, LONGEST_CACHED_URI, MATCH_CACHE_SIZE } from '../limits.js';
import { BoundedMap } from './bounded-map.js';
import { PrefixTree } from './prefix-tree.js';
import { WildcardTree } from './wildcard-tree.js';

class Entry<T> {
  readonly uri: string;
  readonly match: MatchPolicy;
  value: T;
  /** What `all` gives where nothing else matches. */
  alone: readonly T[];

  constructor(uri: string, match: MatchPolicy, value: T) {
    this.uri = uri;
    this.match = match;
    this.value = value;
    this.alone = [value];
  }
}

/**
 * Values by URI and match policy, found by the URIs that they match. One URI under two policies is two entries (PREG-07).
 *
 * A lookup costs what the URI's length and its matches cost, not what else is held; with exact entries alone it is one
 * map lookup. URIs are taken as they are: whether they are well formed is checked before.
 */
export class UriMatcher<T> {
  readonly #exact = new Map<string, Entry<T>>();
  readonly #prefixes = new PrefixTree<Entry<T>>();
  readonly #wildcards = new WildcardTree<Entry<T>>();
  readonly #patterns = new Set<Entry<T>>();
  readonly #matches = new BoundedMap<readonly T[]>(MATCH_CACHE_SIZE, LONGEST_CACHED_URI);

  /** How many entries there are. */
  get size(): number {
    return this.#exact.size + this.#patterns.size;
  }

  get(uri: string, match: MatchPolicy): T | undefined {
    return this.#index(match).get(uri)?.value;
  }

  /** Adds an entry, or replaces its value. */
  set(uri: string, match: MatchPolicy, value: T): void {
    const index = this.#index(match);
    const known = index.get(uri);
    if (known === undefined) {
      const entry = new Entry(uri, match, value);
      index.set(uri, entry);
      if (match !== 'exact') this.#patterns.add(entry);
    } else {
      known.value = value;
      known.alone = [value];
    }
    this.#forgetMatches(uri, match);
  }

  /** @returns whether there was such an entry */
  delete(uri: string, match: MatchPolicy): boolean {
    const index = this.#index(match);
    const entry = index.get(uri);
    if (entry === undefined) return false;
    index.delete(uri);
    if (match !== 'exact') this.#patterns.delete(entry);
    this.#forgetMatches(uri, match);
    return true;
  }

  /** Every entry, the exact ones first, each kind in the order of its making. */
  *entries(): Generator<{ readonly uri: string; readonly match: MatchPolicy; readonly value: T }> {
    yield* this.#exact.values();
    yield* this.#patterns;
  }

  /** The most specific match: exact, else the longest prefix, else the first wildcard by precedence (PREG-04, PREG-05). */
  best(uri: string): T | undefined {
    const entry = this.#exact.get(uri);
    if (entry !== undefined) return entry.value;
    if (this.#patterns.size === 0) return undefined;
    return (this.#prefixes.longest(uri) ?? this.#wildcards.first(uri))?.value;
  }

  /**
   * Every match, the most specific first (PSUB-02).
   *
   * @returns a list that is shared with later callers: never change it. It stays as it is when entries change.
   */
  all(uri: string): readonly T[] {
    if (this.#patterns.size === 0) return this.#exact.get(uri)?.alone ?? none;
    return this.#matches.get(uri) ?? this.#findAll(uri);
  }

  #findAll(uri: string): readonly T[] {
    const exact = this.#exact.get(uri);
    const patterns = [...this.#prefixes.all(uri), ...this.#wildcards.all(uri)];
    const found = (exact === undefined ? patterns : [exact, ...patterns]).map((entry) => entry.value);
    if (found.length <= LARGEST_CACHED_MATCH) this.#matches.set(uri, found);
    return found;
  }

  #index(match: MatchPolicy): Map<string, Entry<T>> | PrefixTree<Entry<T>> | WildcardTree<Entry<T>> {
    if (match === 'exact') return this.#exact;
    return match === 'prefix' ? this.#prefixes : this.#wildcards;
  }

  /* An exact entry changes the matches of its own URI alone. */
  #forgetMatches(uri: string, match: MatchPolicy): void {
    if (match === 'exact') this.#matches.delete(uri);
    else this.#matches.clear();
  }
}

const none: readonly never[] = Object.freeze([]);
