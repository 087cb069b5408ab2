import type { Client, EventMessage, SubscribeOptions } from '@wampkit/client';
import { ConnectionLostError, type MatchPolicy, MessageCode } from '@wampkit/protocol';
import { type EndConditions, Ending } from '../ending.js';
import { printEvent } from '../output/print-event.js';
import { parseCount } from '../parse-count.js';
import { parseDuration } from '../parse-duration.js';
import { readWampOptions } from '../read-wamp-options.js';
import type { VerbContext } from '../run-verb.js';
import { leaveTestament, readTestament, type TestamentVerbOptions } from '../testament.js';
import { withSession } from '../with-session.js';
import { withinTime } from '../within-time.js';

/** What `subscribe` was given by name. */
export interface SubscribeVerbOptions extends TestamentVerbOptions {
  match?: MatchPolicy;
  retained?: boolean;
  count?: string;
  for?: string;
  idle?: string;
  details?: boolean;
  reconnect?: boolean;
  option?: readonly string[];
}

interface Subscriber {
  readonly context: VerbContext;
  readonly client: Client;
  readonly options: SubscribeOptions;
  readonly ending: Ending;
  readonly details: boolean;
}

/** Prints the events of topics until told to end. */
export async function subscribe(
  context: VerbContext,
  topics: readonly string[],
  given: SubscribeVerbOptions,
): Promise<void> {
  const named = { match: given.match, get_retained: given.retained };
  const options = readWampOptions(MessageCode.Subscribe, { named, pairs: given.option }, context.talk);
  const conditions = readConditions(given);
  const testament = await readTestament(context, given);
  await withSession(
    context,
    async (client) => {
      using ending = new Ending(conditions);
      const subscriber = { context, client, options, ending, details: given.details === true };
      for (const topic of topics) await subscribeTo(topic, subscriber);
      ending.start();
      await ending.reached;
    },
    { reconnect: given.reconnect, prepare: (client) => leaveTestament(context, client, testament) },
  );
}

function readConditions(given: SubscribeVerbOptions): EndConditions {
  return {
    count: given.count === undefined ? undefined : parseCount(given.count, '--count'),
    duration: given.for === undefined ? undefined : parseDuration(given.for, '--for'),
    idle: given.idle === undefined ? undefined : parseDuration(given.idle, '--idle'),
  };
}

async function subscribeTo(
  topic: string,
  { context, client, options, ending, details }: Subscriber,
): Promise<void> {
  const print = (event: EventMessage) => {
    if (ending.isOver) return;
    printEvent(context.printer, event, details);
    ending.count();
  };
  const limits = { stop: context.terminal.stop, timeout: context.globals.timeout };
  const subscription = await withinTime(`subscribe to "${topic}"`, limits, (signal) =>
    client.subscribe(topic, print, { ...options, signal }),
  );
  context.talk.info(`subscribed to ${topic} (subscription ${subscription.id})`);
  subscription.ended.then(({ type, reason, error }) => {
    if (type === 'done') return;
    const why = `the subscription to "${topic}" ended: ${reason ?? type}`;
    ending.fail(error ?? new ConnectionLostError(why, { sent: true }));
  });
}
