import type { Client, PublishOptions } from '@wampkit/client';
import { MessageCode } from '@wampkit/protocol';
import { printPublication } from '../output/print-publication.js';
import { parseCount } from '../parse-count.js';
import { parseDuration } from '../parse-duration.js';
import { payloadSources } from '../payload-sources.js';
import { readWampOptions } from '../read-wamp-options.js';
import type { VerbContext } from '../run-verb.js';
import { UsageError } from '../usage-error.js';
import { type PayloadOptions, parsePayload, type TypedPayload } from '../values/parse-payload.js';
import { readValue, valueMode } from '../values/parse-value.js';
import { readLines } from '../values/read-lines.js';
import { wait } from '../wait.js';
import { withSession } from '../with-session.js';
import { withinTime } from '../within-time.js';

/** What `publish` was given by name. */
export interface PublishVerbOptions extends PayloadOptions {
  ack?: boolean;
  retain?: boolean;
  excludeMe?: boolean;
  discloseMe?: boolean;
  exclude?: readonly number[];
  excludeAuthid?: readonly string[];
  excludeAuthrole?: readonly string[];
  eligible?: readonly number[];
  eligibleAuthid?: readonly string[];
  eligibleAuthrole?: readonly string[];
  lines?: boolean;
  repeat?: string;
  every?: string;
  option?: readonly string[];
}

interface Publisher {
  readonly context: VerbContext;
  readonly client: Client;
  readonly topic: string;
  readonly options: PublishOptions;
}

/** Publishes what was typed, once, several times, or once for each line of stdin. */
export async function publish(
  context: VerbContext,
  typed: { topic: string; values: readonly string[] },
  given: PublishVerbOptions,
): Promise<void> {
  if (given.lines && given.repeat !== undefined)
    throw new UsageError('--lines and --repeat exclude each other');
  const options = readWampOptions(
    MessageCode.Publish,
    { named: namedOptions(given), pairs: given.option },
    context.talk,
  );
  const pause = given.every === undefined ? 0 : parseDuration(given.every, '--every');
  const sources = payloadSources(context);
  const typedPayload = await parsePayload(typed.values, given, sources);
  const payloads = given.lines
    ? linePayloads(context, typedPayload, given)
    : repeated(typedPayload, given.repeat === undefined ? 1 : parseCount(given.repeat, '--repeat'));
  await withSession(context, (client) =>
    publishAll({ context, client, topic: typed.topic, options }, payloads, pause),
  );
}

function namedOptions(given: PublishVerbOptions): Record<string, unknown> {
  return {
    acknowledge: given.ack,
    retain: given.retain,
    exclude_me: given.excludeMe,
    disclose_me: given.discloseMe,
    exclude: given.exclude,
    exclude_authid: given.excludeAuthid,
    exclude_authrole: given.excludeAuthrole,
    eligible: given.eligible,
    eligible_authid: given.eligibleAuthid,
    eligible_authrole: given.eligibleAuthrole,
  };
}

async function publishAll(
  publisher: Publisher,
  payloads: AsyncIterable<TypedPayload>,
  pause: number,
): Promise<void> {
  const { stop } = publisher.context.terminal;
  let isFirst = true;
  for await (const payload of payloads) {
    if (!isFirst && pause > 0) await wait(pause, stop);
    if (stop.aborted) return;
    isFirst = false;
    await publishOne(publisher, payload);
  }
}

async function publishOne(
  { context, client, topic, options }: Publisher,
  payload: TypedPayload,
): Promise<void> {
  const limits = { stop: context.terminal.stop, timeout: context.globals.timeout };
  const { id } = await withinTime(`publish to "${topic}"`, limits, (signal) =>
    client.publish(topic, payload, { ...options, signal }),
  );
  if (id !== null) printPublication(context.printer, id);
}

async function* repeated(payload: TypedPayload, count: number): AsyncGenerator<TypedPayload> {
  for (let index = 0; index < count; index++) yield payload;
}

/** Each line is read as one more argument behind those typed. */
async function* linePayloads(
  { terminal, talk }: VerbContext,
  typed: TypedPayload,
  given: PayloadOptions,
): AsyncGenerator<TypedPayload> {
  const mode = valueMode(given);
  let number = 0;
  for await (const line of readLines(terminal.stdin)) {
    const value = readValue(line, mode, { place: `line ${++number}`, warn: (text) => talk.warn(text) });
    yield { args: [...typed.args, value], kwargs: typed.kwargs };
  }
}
