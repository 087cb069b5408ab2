import { type Command, Option } from 'commander';
import {
  type AuthOptions,
  addAuthOptions,
  hasPlainSecret,
  readAuthOptions,
} from './authentication/auth-options.js';
import { collectOption } from './commands/collect-option.js';
import { parseDuration } from './parse-duration.js';
import type { Verbosity } from './talk.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Where a router listens that was started without a config. */
export const DEFAULT_URL = 'ws://127.0.0.1:8080/ws';
/** The serializers that wamp-cli can speak. */
const serializerNames = ['json', 'msgpack', 'cbor'] as const;
export type SerializerName = (typeof serializerNames)[number];

/** `json`: one line each; `pretty`: for people; `value`: the first argument as JSON; `raw`: the first argument bare. */
export type OutputMode = 'json' | 'pretty' | 'value' | 'raw';

/** TLS of the connection; each is a file name. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure: boolean;
}

/** What every verb is told, wherever it stood on the command line. */
export interface GlobalOptions {
  readonly url: string;
  readonly realm: string;
  readonly serializer: SerializerName;
  /** How to join; throws UsageError, so that a verb that joins nothing does not. */
  readonly auth: () => AuthOptions;
  readonly tls: TlsOptions;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether payloads are packed, and read, as their `ppt_scheme` and `ppt_serializer` say. */
  readonly passthru: boolean;
  /** Milliseconds for opening the transport and joining the realm, each. */
  readonly connectTimeout: number;
  /** Milliseconds for each request; absent: as long as it takes. */
  readonly timeout?: number;
  /** Absent: pretty on a terminal, json in a pipe. */
  readonly output?: OutputMode;
  readonly verbosity: Verbosity;
  readonly color?: boolean;
  /** A secret stood on the command line itself. */
  readonly hasPlainSecret: boolean;
}

const count = (_: string, before: number | undefined) => (before ?? 0) + 1;

/** Adds the global options: the program and each verb take them, so they work before and after the verb. */
export function addGlobalOptions(command: Command): void {
  command
    .optionsGroup('Connection:')
    .option(
      '-u, --url <url>',
      `router: ws wss http https tcp tcps or unix URL (env WAMP_URL; default ${DEFAULT_URL})`,
    )
    .option('-r, --realm <uri>', 'realm to join (env WAMP_REALM; default realm1)')
    .addOption(
      new Option('--serializer <name>', 'encoding on the wire (env WAMP_SERIALIZER; default json)').choices(
        serializerNames,
      ),
    )
    .option('--connect-timeout <duration>', 'for connecting and joining, each (default 10s)')
    .option(
      '--timeout <duration>',
      'give a request up after this time: exit 5 (500ms, 2s, 5m; default: never)',
    )
    .option('--header <name:value>', 'HTTP header of the WebSocket handshake; repeatable', collectOption)
    .option('--passthru', 'pack payloads, and read packed ones, as ppt_scheme and ppt_serializer say')
    .option('--tls-ca <file>', 'certificates to trust, PEM')
    .option('--tls-cert <file>', 'client certificate, PEM')
    .option('--tls-key <file>', 'key of the client certificate, PEM')
    .option('--insecure', 'do not verify the certificate of the router');
  addAuthOptions(command);
  addOutputOptions(command);
}

/** Adds the options of what is printed: those of every verb, also of one that needs no router. */
export function addOutputOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .option('--json', 'one line of JSON each, errors too (default in a pipe, without the errors)')
    .option('--pretty', 'for people (default on a terminal)')
    .option('--value', 'only the first argument, as JSON')
    .option('--raw', 'only the first argument: strings without quotes, binary as it is')
    .option('-q, --quiet', 'only errors on stderr')
    .option('-v, --verbose', 'more on stderr; -vv shows every message', count)
    .option('--color', 'colours, terminal or not')
    .option('--no-color', 'no colours (env NO_COLOR)')
    .helpOption('-h, --help', 'show this help');
}

/**
 * Reads the global options of a verb: what stands after the verb wins over what stands before it, that over the
 * environment, that over the defaults.
 *
 * @throws {UsageError} for values that cannot be used
 */
export function readGlobalOptions(command: Command, terminal: Terminal): GlobalOptions {
  const given = mergeOptions(command);
  const env = (name: string) => terminal.env[name] || undefined;
  return {
    url: readUrl(text(given.url) ?? env('WAMP_URL') ?? DEFAULT_URL, given.url ? '--url' : 'WAMP_URL'),
    realm: text(given.realm) ?? env('WAMP_REALM') ?? 'realm1',
    serializer: readSerializer(text(given.serializer) ?? env('WAMP_SERIALIZER') ?? 'json'),
    auth: () => readAuthOptions(given, env),
    tls: {
      ca: text(given.tlsCa),
      cert: text(given.tlsCert),
      key: text(given.tlsKey),
      insecure: given.insecure === true,
    },
    headers: readHeaders((given.header ?? []) as string[]),
    passthru: given.passthru === true,
    connectTimeout: parseDuration(text(given.connectTimeout) ?? '10s', '--connect-timeout'),
    timeout:
      given.timeout === undefined ? undefined : parseDuration(text(given.timeout) as string, '--timeout'),
    output: readOutput(given),
    verbosity: readVerbosity(given),
    color: given.color as boolean | undefined,
    hasPlainSecret: hasPlainSecret(given),
  };
}

type Given = Readonly<Record<string, unknown>>;

/* Commander gives a negatable option the default true: only what was typed counts. */
function mergeOptions(command: Command): Given {
  const merged: Record<string, unknown> = {};
  for (let scope: Command | null = command; scope !== null; scope = scope.parent) {
    for (const [name, value] of Object.entries(scope.opts())) {
      if (scope.getOptionValueSource(name) !== 'cli') continue;
      if (name === 'verbose')
        merged.verbose = ((merged.verbose as number | undefined) ?? 0) + (value as number);
      else if (!(name in merged)) merged[name] = value;
    }
  }
  return merged;
}

function text(value: unknown): string | undefined {
  return value as string | undefined;
}

/**
 * Checks the URL of a router.
 *
 * @param place what it was given to, for the error
 * @throws {UsageError} for other schemes
 */
export function readUrl(url: string, place: string): string {
  if (/^(wss?|https?|tcps?):\/\/[^/]|^unix:./.test(url)) return url;
  throw new UsageError(
    `${place}: ${JSON.stringify(url)} must begin with ws://, wss://, http://, https://, tcp://, tcps:// or unix:`,
  );
}

function readSerializer(name: string): SerializerName {
  const known = serializerNames.find((serializer) => serializer === name);
  if (known === undefined) {
    throw new UsageError(
      `WAMP_SERIALIZER: ${JSON.stringify(name)} must be one of ${serializerNames.join(', ')}`,
    );
  }
  return known;
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new UsageError(`--header: ${JSON.stringify(line)} must be name:value`);
    headers[name] = value as string;
  }
  return headers;
}

function readOutput(given: Given): OutputMode | undefined {
  const chosen = (['json', 'pretty', 'value', 'raw'] as const).filter((mode) => given[mode] === true);
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')} exclude each other`);
  return chosen[0];
}

function readVerbosity(given: Given): Verbosity {
  if (given.quiet === true) return -1;
  return Math.min((given.verbose as number | undefined) ?? 0, 2) as Verbosity;
}
