/** What a package may be built on: the arrows of docs/architecture.md. */
export interface Room {
  /** Packages of ours that its source may import. */
  readonly on: readonly string[];
  /** Source files that must run in browsers: nothing that they reach may import `node:*`. */
  readonly browserEntries?: readonly string[];
}

const everything = '*';

/** One row a package, by its name without the scope. A package that is not listed is an error. */
export const arrows: Readonly<Record<string, Room>> = {
  protocol: { on: [], browserEntries: ['src/index.ts'] },
  auth: {
    on: ['protocol'],
    browserEntries: [
      'src/index.ts',
      'src/wampcra.ts',
      'src/wamp-scram.ts',
      'src/cryptosign.ts',
      'src/crypto/hash.ts',
      'src/crypto/ed25519.ts',
    ],
  },
  serializer: {
    on: ['protocol'],
    browserEntries: ['src/index.ts', 'src/msgpack/index.ts', 'src/cbor/index.ts', 'src/bytes.ts'],
  },
  transport: { on: ['protocol', 'serializer'], browserEntries: ['src/web.ts'] },
  router: { on: ['protocol', 'auth'], browserEntries: ['src/index.ts'] },
  client: {
    on: ['protocol', 'auth', 'serializer', 'transport'],
    browserEntries: [
      'src/index.ts',
      'src/msgpack.ts',
      'src/cbor.ts',
      'src/testing.ts',
      'src/auth/wampcra.ts',
      'src/auth/wamp-scram.ts',
      'src/auth/cryptosign.ts',
      'src/passthru.ts',
      'src/e2ee.ts',
      'src/e2ee/aes-gcm.ts',
    ],
  },
  conformance: { on: [] },
  testkit: { on: ['protocol'] },
  'router-app': { on: ['protocol', 'auth', 'serializer', 'transport', 'router'] },
  cli: { on: ['protocol', 'auth', 'client', 'conformance'] },
  'integration-tests': { on: [everything] },
  bench: { on: [everything] },
  'example-browser': { on: [everything] },
  'example-node': { on: [everything] },
};

/** Packages of ours that tests may use beside the arrows; never product source. */
const testOnly: readonly string[] = ['testkit'];

/** Whether `from` may import `to`, in source or, with `inTest`, in a test. */
export function mayImport(from: string, to: string, inTest: boolean): boolean {
  const on = arrows[from]?.on ?? [];
  return on.includes(everything) || on.includes(to) || (inTest && testOnly.includes(to));
}
