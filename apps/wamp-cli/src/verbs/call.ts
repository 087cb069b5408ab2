import type { CancelMode, Client, StreamOptions } from '@wampkit/client';
import { MessageCode } from '@wampkit/protocol';
import { printResult } from '../output/print-result.js';
import { parseCount } from '../parse-count.js';
import { parseDuration } from '../parse-duration.js';
import { payloadSources } from '../payload-sources.js';
import { readWampOptions } from '../read-wamp-options.js';
import type { VerbContext } from '../run-verb.js';
import { type PayloadOptions, parsePayload, type TypedPayload } from '../values/parse-payload.js';
import { withSession } from '../with-session.js';

/** What `call` was given by name. */
export interface CallVerbOptions extends PayloadOptions {
  progress?: boolean;
  discloseMe?: boolean;
  cancelMode?: CancelMode;
  cancelAfter?: string;
  details?: boolean;
  repeat?: string;
  concurrency?: string;
  option?: readonly string[];
}

interface PreparedCall {
  readonly procedure: string;
  readonly payload: TypedPayload;
  readonly options: StreamOptions;
  readonly progress: boolean;
  readonly details: boolean;
}

/** Calls a procedure, once or several times, and prints each result, progressive ones as they come. */
export async function call(
  context: VerbContext,
  typed: { procedure: string; values: readonly string[] },
  given: CallVerbOptions,
): Promise<void> {
  const cancel = new AbortController();
  const delay = given.cancelAfter === undefined ? null : parseDuration(given.cancelAfter, '--cancel-after');
  const repeat = given.repeat === undefined ? 1 : parseCount(given.repeat, '--repeat');
  const concurrency = given.concurrency === undefined ? 1 : parseCount(given.concurrency, '--concurrency');
  const prepared = await prepare(context, { typed, given, cancel: cancel.signal });
  await withSession(context, async (client) => {
    const timer = delay === null ? undefined : setTimeout(() => cancel.abort(), delay);
    const calls = { repeat, concurrency, perform: () => perform(context, client, prepared) };
    await performAll(calls).finally(() => clearTimeout(timer));
  });
}

async function prepare(
  context: VerbContext,
  parts: {
    typed: { procedure: string; values: readonly string[] };
    given: CallVerbOptions;
    cancel: AbortSignal;
  },
): Promise<PreparedCall> {
  const { typed, given, cancel } = parts;
  const named = { disclose_me: given.discloseMe, receive_progress: given.progress };
  const { receive_progress, ...wamp } = readWampOptions(
    MessageCode.Call,
    { named, pairs: given.option },
    context.talk,
  );
  const payload = await parsePayload(typed.values, given, payloadSources(context));
  const options = {
    // A timeout given as a WAMP option is the more exact one.
    timeout: context.globals.timeout,
    ...wamp,
    cancelMode: given.cancelMode,
    signal: AbortSignal.any([context.terminal.stop, cancel]),
  };
  return {
    procedure: typed.procedure,
    payload,
    options,
    progress: receive_progress === true,
    details: given.details === true,
  };
}

/** Makes so many calls, so many of them at a time; the first that fails ends it. */
async function performAll(calls: {
  repeat: number;
  concurrency: number;
  perform(): Promise<void>;
}): Promise<void> {
  let left = calls.repeat;
  const work = async () => {
    while (left-- > 0) await calls.perform();
  };
  await Promise.all(Array.from({ length: Math.min(calls.concurrency, calls.repeat) }, work));
}

async function perform(context: VerbContext, client: Client, call: PreparedCall): Promise<void> {
  const { procedure, payload, options, progress, details } = call;
  if (!progress) {
    return printResult(context.printer, await client.call(procedure, payload, options), { details });
  }
  const stream = client.stream(procedure, payload, options);
  for await (const result of stream) printResult(context.printer, result, { details, progress: true });
  printResult(context.printer, await stream.result, { details, progress: false });
}
