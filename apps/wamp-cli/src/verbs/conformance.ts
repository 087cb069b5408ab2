import {
  type CheckResult,
  type ConformanceOptions,
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
  { only }: ConformanceVerbOptions,
): Promise<ConformanceOptions> {
  if (globals.auth().method !== 'anonymous')
    throw new UsageError('conformance joins anonymously: no ticket, secret, password, key or token');
  const target = url === undefined ? globals.url : readUrl(url, 'url');
  const tls = await readTlsFiles(globals.tls, target);
  return {
    url: target,
    realm: globals.realm,
    serializer: globals.serializer,
    signal: terminal.stop,
    ...(only && { only: beginningsOf(only) }),
    ...(globals.timeout !== undefined && { timeout: globals.timeout }),
    ...(tls && { tls }),
  };
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
