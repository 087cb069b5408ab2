import { readFile } from 'node:fs/promises';
import {
  type CheckResult,
  type ConformanceOptions,
  type Credentials,
  formatSummary,
  formatTap,
  runConformance,
  summarize,
} from '@wampkit/conformance';
import { ConnectError } from '@wampkit/protocol';
import { readUrl } from '../global-options.js';
import { printCheck } from '../output/print-check.js';
import { readTlsFiles } from '../read-tls-files.js';
import type { VerbContext } from '../run-verb.js';
import { UnmetError } from '../unmet-error.js';
import { UsageError } from '../usage-error.js';

/** What `conformance` was given by name. */
export interface ConformanceVerbOptions {
  only?: readonly string[];
  tap?: boolean;
  credentials?: string;
}

/**
 * Checks a router and prints the result of each check.
 *
 * @throws {UnmetError} when the router does not do what it must
 */
export async function conformance(
  context: VerbContext,
  url: string | undefined,
  given: ConformanceVerbOptions,
): Promise<void> {
  const options = await conformanceOptions(context, url, given);
  const results: CheckResult[] = [];
  await print(context, keep(runConformance(options), results), given.tap === true);
  const summary = summarize(results);
  if (results.length === 0) throw new UsageError('--only: no check has such an id');
  context.talk.info(formatSummary(summary));
  if (summary.failedMust > 0)
    throw new UnmetError(`${options.url} fails ${summary.failedMust} checks of level MUST`);
}

async function conformanceOptions(
  { globals, terminal }: VerbContext,
  url: string | undefined,
  { only, credentials: file }: ConformanceVerbOptions,
): Promise<ConformanceOptions> {
  if (globals.auth().method !== 'anonymous')
    throw new UsageError('conformance joins anonymously: no ticket, secret, password, key or token');
  const target = url === undefined ? globals.url : readUrl(url, 'url');
  const tls = await readTlsFiles(globals.tls, target);
  const credentials = file === undefined ? undefined : await readCredentials(file);
  return {
    url: target,
    realm: globals.realm,
    serializer: globals.serializer,
    signal: terminal.stop,
    ...(only && { only: beginningsOf(only) }),
    ...(globals.timeout !== undefined && { timeout: globals.timeout }),
    ...(tls && { tls }),
    ...(credentials && { credentials }),
  };
}

const needed: Readonly<Record<string, readonly string[]>> = {
  ticket: ['authid', 'ticket'],
  wampcra: ['authid', 'secret'],
  'wamp-scram': ['authid', 'password'],
  cryptosign: ['privateKey'],
};

/* No message quotes what is in the file: it holds secrets. */
async function readCredentials(file: string): Promise<Credentials> {
  let read: unknown;
  try {
    read = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `--credentials: ${file} cannot be read${code === undefined ? ': it is no JSON' : ` (${code})`}`,
    );
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new UsageError(`--credentials: ${file} holds no object`);
  for (const [method, given] of Object.entries(read)) {
    const keys = Object.hasOwn(needed, method) ? (needed[method] as readonly string[]) : null;
    if (keys === null)
      throw new UsageError(`--credentials: there are no checks of ${JSON.stringify(method.slice(0, 40))}`);
    const lacks = keys.find((key) => typeof (given as Record<string, unknown> | null)?.[key] !== 'string');
    if (lacks !== undefined) throw new UsageError(`--credentials: ${method} lacks ${lacks}`);
  }
  return read as Credentials;
}

function beginningsOf(ids: readonly string[]): RegExp {
  return new RegExp(`^(?:${ids.map((id) => id.replace(/[^\w-]/g, '\\$&')).join('|')})`, 'i');
}

/** What stops a run, as opposed to a check, is that there is no session to be had. */
async function* keep(results: AsyncIterable<CheckResult>, kept: CheckResult[]): AsyncGenerator<CheckResult> {
  try {
    for await (const result of results) {
      kept.push(result);
      yield result;
    }
  } catch (error) {
    throw new ConnectError((error as Error).message, { cause: error });
  }
}

async function print(
  { printer }: VerbContext,
  results: AsyncIterable<CheckResult>,
  asTap: boolean,
): Promise<void> {
  if (asTap) for await (const line of formatTap(results)) printer.output.write(`${line}\n`);
  else for await (const result of results) printCheck(printer, result);
}
