import { type Check, type Level, whyNot } from './check.js';
import { LiveContext, type Target } from './check-context.js';
import { checks } from './checks.js';
import type { SerializerName } from './codec.js';
import type { Credentials } from './credentials.js';
import { CheckSkipped } from './outcome.js';
import { type TlsSettings, wireKind } from './wire/wire.js';

/** What to check, and how. */
export interface ConformanceOptions {
  /** The router: `ws://`, `wss://`, `http://`, `https://` (with path; the last two long-poll), `tcp://host:port`, `tcps://host:port` or `unix:/path` (RawSocket). */
  url: string;
  /** A realm in which an anonymous session may do everything. */
  realm: string;
  serializer: SerializerName;
  /** Requirements to check: numbers, or a pattern for `id: title`. All when absent. */
  only?: readonly string[] | RegExp;
  /** Ends the run before the next check. */
  signal?: AbortSignal;
  /** Bound of each wait within a check, in ms; 2000 when absent. A whole check gets five times as much. */
  timeout?: number;
  tls?: TlsSettings;
  /** What checks of authentication prove themselves with; those of methods without any are skipped. */
  credentials?: Credentials;
}

/** How one check ended. */
export interface CheckResult {
  /** The requirement's number. */
  id: string;
  title: string;
  level: Level;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What was found instead, or why it was skipped. */
  message?: string;
  /** In ms. */
  duration: number;
}

/**
 * Runs the checks one after another against a router and yields each result when it is known.
 *
 * @throws {TypeError} when the URL's scheme is unknown
 * @throws {Error} when no session can be opened at all, before the first result
 *
 * @example
 * for await (const result of runConformance({ url: 'ws://127.0.0.1:8080/ws', realm: 'realm1', serializer: 'json' }))
 *   console.log(result.outcome, result.id, result.title);
 */
export async function* runConformance(
  options: ConformanceOptions,
): AsyncGenerator<CheckResult, void, undefined> {
  const { signal, only } = options;
  await runCheck(reachable, options).then(throwUnlessPassed);
  for (const check of checks) {
    signal?.throwIfAborted();
    if (isChosen(check, only)) yield await runCheck(check, options);
  }
}

/**
 * Runs a single check.
 *
 * @throws {TypeError} when the URL's scheme is unknown
 */
export async function runCheck(check: Check, options: ConformanceOptions): Promise<CheckResult> {
  const timeout = options.timeout ?? 2000;
  const { url, realm, serializer, tls, credentials = {} } = options;
  const target: Target = { url, realm, serializer, timeout, credentials, ...(tls && { tls }) };
  const { id, title, level } = check;
  const reason = whyNot(check, wireKind(url), serializer);
  if (reason !== null) return { id, title, level, outcome: 'skipped', message: reason, duration: 0 };
  const context = new LiveContext(target);
  const start = performance.now();
  const ended = await settle(
    Promise.resolve().then(() => check.run(context)),
    timeout * 5,
  );
  context.close();
  return { id, title, level, ...ended, duration: performance.now() - start };
}

const reachable: Check = {
  id: 'BP-SESS-02',
  title: 'a session can be opened',
  level: 'MUST',
  run: async (t) => {
    await t.join();
  },
};

function throwUnlessPassed(result: CheckResult): void {
  if (result.outcome !== 'passed') throw new Error(`no session can be opened: ${result.message}`);
}

function isChosen(check: Check, only: ConformanceOptions['only']): boolean {
  if (only === undefined) return true;
  return only instanceof RegExp ? only.test(`${check.id}: ${check.title}`) : only.includes(check.id);
}

type Ending = Pick<CheckResult, 'outcome' | 'message'>;

async function settle(run: Promise<void>, bound: number): Promise<Ending> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${bound} ms`)), bound);
  });
  try {
    await Promise.race([run, late]);
    return { outcome: 'passed' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: error instanceof CheckSkipped ? 'skipped' : 'failed', message };
  } finally {
    clearTimeout(timer);
  }
}
