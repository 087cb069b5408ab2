/* Every bound of the router, one row each. */

/** Matches and decisions held by URI, in entries of one generation; at most two generations are held (see `BoundedMap`). */
export const MATCH_CACHE_SIZE = 1024;

/** URIs with more UTF-16 units than this are looked up anew each time, so that caches stay bounded in bytes too. */
export const LONGEST_CACHED_URI = 256;

/** A URI with more matches than this is matched anew each time: sending to so many costs more than finding them. */
export const LARGEST_CACHED_MATCH = 64;
