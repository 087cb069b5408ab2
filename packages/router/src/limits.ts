/* Every bound of the router, one row each. */

/** Matches and decisions held by URI, in entries of one generation; at most two generations are held (see `BoundedMap`). */
export const MATCH_CACHE_SIZE = 1024;

/** URIs with more UTF-16 units than this are looked up anew each time, so that caches stay bounded in bytes too. */
export const LONGEST_CACHED_URI = 256;

/** A URI with more matches than this is matched anew each time: sending to so many costs more than finding them. */
export const LARGEST_CACHED_MATCH = 64;

/** The longest URI that a subscription or registration may have, in UTF-16 units: what is kept must not be as large as a message. */
export const LONGEST_KEPT_URI = 4096;

/** How much of a URI is shown in the text of a refusal, in UTF-16 units. */
export const LONGEST_QUOTED_URI = 256;

/** Bounds of one realm; 0 means none. What is above a bound is refused with `wamp.error.unavailable` and changes nothing else. */
export interface RealmLimits {
  /** Sessions joined at a time; HELLO above it gets ABORT. Default 0. */
  readonly sessions: number;
  /** Subscriptions that one session holds. Default 10,000. */
  readonly subscriptionsPerSession: number;
  /** Registrations that one session holds. Default 10,000. */
  readonly registrationsPerSession: number;
  /** Calls that one session has made and that are not yet answered. Default 10,000. */
  readonly pendingCallsPerSession: number;
}

/** The bounds of a realm that names none. */
export const defaultRealmLimits: RealmLimits = {
  sessions: 0,
  subscriptionsPerSession: 10_000,
  registrationsPerSession: 10_000,
  pendingCallsPerSession: 10_000,
};

/** From a peer's arrival, or the end of its last session, to WELCOME, in milliseconds (BP-SESS-09). */
export const HANDSHAKE_TIMEOUT = 10_000;

/** How long pending calls may go on after `Router.close()`, in milliseconds. */
export const SHUTDOWN_GRACE = 10_000;

/** How long a peer has to answer the router's GOODBYE, in milliseconds; then its transport is closed. */
export const GOODBYE_TIMEOUT = 2_000;
