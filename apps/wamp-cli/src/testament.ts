import type { Client } from '@wampkit/client';
import { meta } from '@wampkit/client/meta';
import { payloadSources } from './payload-sources.js';
import type { VerbContext } from './run-verb.js';
import { UsageError } from './usage-error.js';
import { readDict, readList, type TypedPayload } from './values/parse-payload.js';

/** The options with which a verb leaves a testament. */
export interface TestamentVerbOptions {
  testament?: string;
  testamentArgs?: string;
  testamentKwargs?: string;
  testamentRetain?: boolean;
}

/** What is published when the session is over. */
export interface Testament {
  readonly topic: string;
  readonly payload: TypedPayload;
  readonly retain: boolean;
}

/**
 * Reads the testament, `null` where none is asked for.
 *
 * @throws {UsageError} for a payload that cannot be read, or without a topic
 */
export async function readTestament(
  context: VerbContext,
  given: TestamentVerbOptions,
): Promise<Testament | null> {
  const { testament: topic, testamentArgs, testamentKwargs, testamentRetain: retain = false } = given;
  if (topic === undefined) {
    if (testamentArgs === undefined && testamentKwargs === undefined && !retain) return null;
    throw new UsageError('--testament-args, --testament-kwargs and --testament-retain need --testament');
  }
  const sources = payloadSources(context);
  const args = await readList(testamentArgs, '--testament-args', sources);
  const kwargs = await readDict(testamentKwargs, '--testament-kwargs', sources);
  return { topic, payload: { args, kwargs }, retain };
}

/** Leaves the testament with the router, for the session that is joined. */
export async function leaveTestament(
  { terminal, globals }: VerbContext,
  client: Client,
  testament: Testament | null,
): Promise<void> {
  if (testament === null) return;
  const { topic, payload, retain } = testament;
  const options = { signal: terminal.stop, timeout: globals.timeout, ...(retain && { publish: { retain } }) };
  await meta(client).sessions.addTestament(topic, payload, options);
}
