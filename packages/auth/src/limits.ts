/** Bounds of what a router may ask of a client, and of what a client may send. */
export const limits = {
  /** PBKDF2 iterations that a client does at most, for each 32 octets of key: some seconds of work. */
  pbkdf2Iterations: 10_000_000,
  /** Octets of a key that wampcra derives, at most. */
  wampcraKeyLength: 1024,
  /** Length of a salt, at most. */
  saltLength: 1024,
  /** PBKDF2 iterations below which wamp-scram refuses: RFC 7677 section 4. */
  scramMinIterations: 4096,
  /** Memory of argon2id13, in KiB, times its iterations, below which wamp-scram refuses. */
  scramMinWork: 8192,
  /** Memory of argon2id13, in KiB, times its iterations, at most: half a minute or less. */
  scramMaxWork: 4_194_304,
  /** Memory of argon2id13, in KiB, at most. */
  scramMaxMemory: 1_048_576,
  /** Length of a nonce, at most. */
  nonceLength: 256,
} as const;
