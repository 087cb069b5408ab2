/* Every bound of the router, one row each. */

/** Matches and decisions held by URI, in entries of one generation; at most two generations are held (see `BoundedMap`). */
export const MATCH_CACHE_SIZE = 1024;

/** URIs with more UTF-16 units than this are looked up anew each time, so that caches stay bounded in bytes too. */
export const LONGEST_CACHED_URI = 256;

/** A URI with more matches than this is matched anew each time: sending to so many costs more than finding them. */
export const LARGEST_CACHED_MATCH = 64;

/** The longest URI that a subscription or registration may have, in UTF-16 units: what is kept must not be as large as a message. */
export const LONGEST_KEPT_URI = 4096;

/** How much of a URI is shown in the text of a refusal, and of an authid to `joinRefused` and `lockedOut`, in UTF-16 units. */
export const LONGEST_QUOTED_URI = 256;

/** Calls that wait, in one registration, until a callee that bounds its `concurrency` is free; one more is refused with `wamp.error.unavailable`. */
export const LONGEST_CALL_QUEUE = 1024;

/** Payloads kept for the calls of one registration that wait or may be re-routed, in bytes. A call above it does not wait (`wamp.error.unavailable`), or is not re-routed (`wamp.error.no_available_callee`). */
export const LARGEST_KEPT_PAYLOADS = 16 * 1024 * 1024;

/** Calls of one session that ended before their last chunk came and are remembered, so that late chunks are discarded (PCI-07). */
export const ENDED_PROGRESSIVE_CALLS = 256;

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
  /**
   * Failed authentications within a minute, from one address and for one authid; who has failed so often is denied for a
   * minute. Default 0.
   */
  readonly authFailuresPerMinute: number;
}

/** The bounds of a realm that names none. */
export const defaultRealmLimits: RealmLimits = {
  sessions: 0,
  subscriptionsPerSession: 10_000,
  registrationsPerSession: 10_000,
  pendingCallsPerSession: 10_000,
  authFailuresPerMinute: 0,
};

/** From a peer's arrival, or the end of its last session, to WELCOME, in milliseconds (BP-SESS-09). */
export const HANDSHAKE_TIMEOUT = 10_000;

/** How long pending calls may go on after `Router.close()`, in milliseconds. */
export const SHUTDOWN_GRACE = 10_000;

/** How long a peer has to answer the router's GOODBYE, in milliseconds; then its transport is closed. */
export const GOODBYE_TIMEOUT = 2_000;

/** The longest name of a realm that a template makes, in UTF-16 units. */
export const LONGEST_MADE_REALM_NAME = 256;

/** Bounds of the retained events of a realm that names none. */
export const defaultRetainBounds = {
  /** Topics with a retained event. */
  maxTopics: 10_000,
  /** Bytes of all of them. */
  maxSize: 64 * 1024 ** 2,
} as const;

/** Retained events with receiver lists that are kept of one topic; one for all is kept besides (RET-03). */
export const RETAINED_ALTERNATIVES = 16;

/** Bytes of one history in memory, beside its `limit`. */
export const HISTORY_SIZE = 64 * 1024 ** 2;

/** Events of a history that are looked at in one turn; then others are served. */
export const HISTORY_SLICE = 1_000;

/** Testaments that one session has at a time, in both scopes together. */
export const TESTAMENTS_PER_SESSION = 100;

/** Bytes of the testaments of one session. */
export const TESTAMENT_SIZE_PER_SESSION = 1024 ** 2;

/** Definitions for reflection that one session has at a time (REFL-01). */
export const DEFINITIONS_PER_SESSION = 1_000;

/** Bytes of the definitions of one session. */
export const DEFINITION_SIZE_PER_SESSION = 1024 ** 2;

/** Definitions for reflection in a realm: those of all its sessions. */
export const DEFINITIONS_PER_REALM = 10_000;

/** Bytes of all definitions in a realm. */
export const DEFINITION_SIZE_PER_REALM = 8 * 1024 ** 2;

/** How long a procedure may take to tell a user, in milliseconds (DYN-01); then the session is refused. */
export const AUTHENTICATOR_TIMEOUT = 5_000;

/** How long a CHALLENGE may be answered, in milliseconds, however long the handshake may take (CRA-05). */
export const CHALLENGE_LIFETIME = 60_000;

/** CHALLENGEs of one handshake, at most. */
export const CHALLENGES_PER_HANDSHAKE = 10;

/** Characters of strings and bytes of binary in an `authextra`, or in the Extra of AUTHENTICATE. */
export const AUTHEXTRA_SIZE = 64 * 1024;

/** How deep an `authextra` may nest. */
export const AUTHEXTRA_DEPTH = 8;

/** Values in an `authextra`, in all depths together. */
export const AUTHEXTRA_VALUES = 1_000;

/** The longest AUTHENTICATE.Signature, in UTF-16 units: a token may be long. */
export const LONGEST_SIGNATURE = 64 * 1024;

/** The longest authid that a client may ask for, in UTF-16 units. */
export const LONGEST_AUTHID = 1024;

/** Methods that a client may offer; what comes behind is not looked at. */
export const OFFERED_METHODS = 32;

/** How much of an authid its failures are counted by, in UTF-16 units: longer ones that begin alike count together. */
export const LONGEST_COUNTED_AUTHID = 128;

/** Addresses and authids whose failed authentications are remembered, and as many that are locked out for them. */
export const AUTH_FAILURES_KEPT = 10_000;

/** Keys that one method of a realm derives at a time: who has proven nothing yet can cause it. */
export const DERIVATIONS_AT_ONCE = 2;

/** Derivations that wait for their turn in one method of a realm; who comes above it is refused with `wamp.error.authentication_failed`. */
export const DERIVATIONS_WAITING = 10_000;

/** The longest time that a timer of the platform can hold, in milliseconds; sessions that end later are looked at again. */
export const LONGEST_TIMER = 2_147_483_647;

/** How long an authorizer may take to answer, in milliseconds; then nothing is allowed. The default of a role that names none. */
export const AUTHORIZER_TIMEOUT = 5_000;

/** How long the answer of an authorizer that says `cache` is held, in milliseconds. The default of a role that names none. */
export const AUTHORIZER_CACHE_TIME = 60_000;

/** Answers of an authorizer held for one session, in entries of one generation; at most two generations are held (see `BoundedMap`). */
export const DECISIONS_PER_SESSION = 128;

/** Questions to authorizers that one realm has open at a time; what is above it fails with `wamp.error.authorization_failed`. */
export const OPEN_QUESTIONS = 10_000;

/** Large payloads of the messages of one realm that wait for an authorizer, in bytes; what is above it fails with `wamp.error.authorization_failed`. */
export const AUTHORIZED_PAYLOADS = 64 * 1024 ** 2;

/** A payload up to this size, in bytes, waits for an authorizer whatever else waits: sessions with large ones take nothing from others. One waits for each session. */
export const SMALL_AUTHORIZED_PAYLOAD = 64 * 1024;

/** Cookies whose users are remembered in one realm's authentication, or in those of one template. */
export const COOKIES_KEPT = 10_000;

/** How long fetching a key set may take, in milliseconds. */
export const JWKS_TIMEOUT = 5_000;

/** Octets that a shared key of tokens has, at least: RFC 7518 section 3.2. */
export const SHORTEST_SHARED_KEY = 32;
