import type { Client, InvocationContext, RegisterOptions } from '@wampkit/client';
import { meta } from '@wampkit/client/meta';
import { ConnectionLostError, type Dict, type MatchPolicy, MessageCode } from '@wampkit/protocol';
import type { Answer } from '../answers/answer.js';
import { type AnswerOptions, createAnswer } from '../answers/create-answer.js';
import { Ending } from '../ending.js';
import { printInvocation } from '../output/print-invocation.js';
import { parseCount } from '../parse-count.js';
import { parseDuration } from '../parse-duration.js';
import { payloadSources } from '../payload-sources.js';
import { readWampOptions } from '../read-wamp-options.js';
import type { VerbContext } from '../run-verb.js';
import { leaveTestament, readTestament, type TestamentVerbOptions } from '../testament.js';
import { readDict } from '../values/parse-payload.js';
import { withSession } from '../with-session.js';
import { withinTime } from '../within-time.js';

/** What `register` was given by name. */
export interface RegisterVerbOptions extends AnswerOptions, TestamentVerbOptions {
  schema?: string;
  match?: MatchPolicy;
  invoke?: RegisterOptions['invoke'];
  concurrency?: string;
  forceReregister?: boolean;
  discloseCaller?: boolean;
  count?: string;
  for?: string;
  details?: boolean;
  reconnect?: boolean;
  option?: readonly string[];
}

interface Callee {
  readonly context: VerbContext;
  readonly client: Client;
  readonly options: RegisterOptions;
  readonly answer: Answer;
  readonly ending: Ending;
  readonly details: boolean;
}

/** Registers procedures, prints their invocations and answers them until told to end. */
export async function register(
  context: VerbContext,
  procedures: readonly string[],
  given: RegisterVerbOptions,
): Promise<void> {
  const options = readWampOptions(
    MessageCode.Register,
    { named: namedOptions(given), pairs: given.option },
    context.talk,
  );
  const answer = await createAnswer(given, context);
  const testament = await readTestament(context, given);
  const schema = await readSchema(context, given.schema);
  const conditions = {
    count: given.count === undefined ? undefined : parseCount(given.count, '--count'),
    duration: given.for === undefined ? undefined : parseDuration(given.for, '--for'),
  };
  await withSession(
    context,
    async (client) => {
      using ending = new Ending(conditions);
      const callee = { context, client, options, answer, ending, details: given.details === true };
      for (const procedure of procedures) await registerProcedure(procedure, callee);
      ending.start();
      await ending.reached;
    },
    {
      reconnect: given.reconnect,
      prepare: async (client) => {
        await leaveTestament(context, client, testament);
        await describe(context, client, { procedures, schema });
      },
    },
  );
}

async function readSchema(context: VerbContext, source: string | undefined): Promise<Dict | null> {
  return source === undefined ? null : readDict(source, '--schema', payloadSources(context));
}

/* REFL-01: a definition is the session's own. */
async function describe(
  { terminal, globals }: VerbContext,
  client: Client,
  { procedures, schema }: { procedures: readonly string[]; schema: Dict | null },
): Promise<void> {
  if (schema === null) return;
  const options = { signal: terminal.stop, timeout: globals.timeout, kind: 'procedure' } as const;
  for (const procedure of procedures) await meta(client).reflection.define(procedure, schema, options);
}

function namedOptions(given: RegisterVerbOptions): Record<string, unknown> {
  return {
    match: given.match,
    invoke: given.invoke,
    concurrency: given.concurrency === undefined ? undefined : parseCount(given.concurrency, '--concurrency'),
    force_reregister: given.forceReregister,
    disclose_caller: given.discloseCaller,
  };
}

async function registerProcedure(procedure: string, callee: Callee): Promise<void> {
  const { context, client, options, ending } = callee;
  const limits = { stop: context.terminal.stop, timeout: context.globals.timeout };
  const registration = await withinTime(`register "${procedure}"`, limits, (signal) =>
    client.register(procedure, (invocation) => invoke(invocation, callee), { ...options, signal }),
  );
  context.talk.info(`registered ${procedure} (registration ${registration.id})`);
  registration.ended.then(({ type, reason, error }) => {
    if (type === 'done') return;
    const why = `the registration of "${procedure}" ended: ${reason ?? type}`;
    ending.fail(error ?? new ConnectionLostError(why, { sent: true }));
  });
}

async function invoke(
  invocation: InvocationContext,
  { context, answer, ending, details }: Callee,
): Promise<unknown> {
  printInvocation(context.printer, invocation, details);
  try {
    return await answer(invocation);
  } finally {
    // After the SDK has sent what this gives.
    setImmediate(() => ending.count());
  }
}
