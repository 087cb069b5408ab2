/** A test as vitest's JSON reporter tells it. */
export interface InteropTest {
  /** The program (for a router: router, then our end), and last the transport and serializer. */
  readonly ancestorTitles: readonly string[];
  readonly fullName: string;
  readonly status: string;
  readonly meta: {
    readonly feature?: string;
    readonly lacks?: Readonly<Record<string, string>>;
    readonly authWay?: string;
    readonly lackedAuth?: Readonly<Record<string, string>>;
  };
}

const features = [
  'join',
  'ticket',
  'call',
  'register',
  'events',
  'patterns',
  'unicode',
  'binary',
  'big integers',
  'errors',
  'leave',
] as const;

const authWays = [
  'anonymous',
  'ticket',
  'wampcra',
  'wampcra, salted',
  'cryptosign',
  'cryptosign without authid',
  'cryptosign, tls-unique',
  'wamp-scram',
] as const;

const head = `# Interoperability

<!-- Written by scripts/generate-interop.ts from a run of packages/integration-tests/interop. -->

What was tried with other people's programs, and passed, for each transport and serializer that they have. The versions are pinned; everything runs at each change.

| column | what both sides did |
| --- | --- |
| join, leave | HELLO and WELCOME, anonymous; GOODBYE and its answer |
| ticket | joined with a ticket, and was refused with a wrong one |
| call, register | calls in both directions, with nested lists and dicts, null, floats, integers up to 2^53 |
| events | acknowledged publications in both directions |
| patterns | prefix and wildcard, subscriptions and registrations |
| unicode | text of every width in values and keys, controls and noncharacters too |
| binary | bytes as they are; in JSON as the specification converts them |
| big integers | both ends of signed and unsigned 64 bits, to the last digit |
| errors | ERROR with URI, arguments and keyword arguments |

A footnote stands where the other program cannot do it.
`;

const authHead = `## Authentication methods

Each was tried with the right secret and with a wrong one; the client then tells its user the reason of ABORT (the Go nexus client: its message). Other people's clients did it at our router, over the first and the last row of their tables above; \`@wampkit/client\` at somebody else's. Nothing stands where nothing was tried.
`;

/** The page, from tests that all passed. */
export function interopPage(tests: readonly InteropTest[]): string {
  const programs = groupBy(
    tests.filter(({ meta }) => meta.authWay === undefined),
    ({ ancestorTitles }) => ancestorTitles.slice(0, -1).join(' with '),
  );
  const clients = [...programs].filter(([, [test]]) => test?.ancestorTitles.length === 2);
  const routers = [...programs].filter(([, [test]]) => test?.ancestorTitles.length === 3);
  return [
    head,
    "## Other people's clients with our router\n",
    ...clients.map(([name, of]) => section(name, of)),
    "## Our client and wamp-cli with other people's routers\n",
    ...routers.map(([name, of]) => section(name, of)),
    authHead,
    authTable(tests.filter(({ meta }) => meta.authWay !== undefined)),
  ].join('\n');
}

function section(name: string, tests: readonly InteropTest[]): string {
  const cells = groupBy(tests, ({ ancestorTitles }) => ancestorTitles.at(-1) ?? '');
  const rows = [...cells].map(([cell, of]) => ({
    title: cell.replaceAll("'", '').replace('/', ', '),
    tried: of.map(({ meta }) => meta.feature),
    lacks: of.map(({ meta }) => meta.lacks ?? {}),
  }));
  return `### ${name}\n\n${table(features, rows)}`;
}

function authTable(tests: readonly InteropTest[]): string {
  const programs = groupBy(tests, ({ ancestorTitles }) => ancestorTitles[0] ?? '');
  const rows = [...programs].map(([title, of]) => ({
    title,
    tried: of.map(({ meta }) => meta.authWay),
    lacks: of.map(({ meta }) => meta.lackedAuth ?? {}),
  }));
  return table(authWays, rows);
}

interface Row {
  readonly title: string;
  /** The columns that its tests were of. */
  readonly tried: readonly (string | undefined)[];
  /** By column, what the program does instead. */
  readonly lacks: readonly Readonly<Record<string, string>>[];
}

function table(columns: readonly string[], rows: readonly Row[]): string {
  const notes: string[] = [];
  const noteOf = (text: string) => {
    if (!notes.includes(text)) notes.push(text);
    return `${notes.indexOf(text) + 1}`;
  };
  const lines = rows.map(({ title, tried, lacks }) => {
    const lacked = Object.assign({}, ...lacks) as Record<string, string>;
    const marks = columns.map((column) => {
      const reason = lacked[column];
      if (reason !== undefined) return `no (${noteOf(reason)})`;
      return tried.includes(column) ? 'yes' : '';
    });
    return `| ${[title, ...marks].join(' | ')} |`;
  });
  return [
    `| | ${columns.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...lines,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note, index) => `${index + 1}. It ${note}.`)]),
    '',
  ].join('\n');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
