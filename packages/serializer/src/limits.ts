/* Every bound of this package. */

/**
 * How deep lists and dicts (and CBOR tags) may nest in one element of a message, that element being level 1. Deeper
 * input is a protocol violation, deeper output `wamp.error.invalid_argument`. Walks over input are iterative; this
 * bounds the recursion of whoever decodes the values later.
 */
export const MAX_DEPTH = 256;

/**
 * How many bytes an integer beyond 64 bits may have: a CBOR bignum, the BigInt extension of MessagePack. Converting
 * between binary and decimal costs more than linear time, and a stranger must not choose how much.
 */
export const MAX_INTEGER_BYTES = 512;

/** The same for integers in JSON: decimal digits, enough for `MAX_INTEGER_BYTES`. */
export const MAX_INTEGER_DIGITS = 1234;

/** Options and Details of at most so many encoded bytes are kept, so that equal bytes give the identical dict. */
export const MAX_CACHED_DICT_BYTES = 128;

/** How many decoded dicts each serializer keeps; a power of two. */
export const CACHED_DICTS = 1024;

/** URIs and keys of at most so many bytes are kept, so that equal bytes give the identical string. */
export const MAX_CACHED_STRING_BYTES = 128;

/** How many strings each serializer keeps; a power of two. */
export const CACHED_STRINGS = 4096;
