import type { CallOptions, Client } from '@wampkit/client';
import { type MetaApi, meta } from '@wampkit/client/meta';
import { RequestError } from '@wampkit/protocol';
import { MAX_META_CALLS } from '../limits.js';
import type { VerbContext } from '../run-verb.js';
import { withSession } from '../with-session.js';

/** The meta API as a verb uses it. */
export interface Inspection {
  readonly api: MetaApi;
  /** Options of each call: `--timeout`, and the terminal's stop. */
  readonly options: CallOptions;
}

/** Opens a session and works with its meta API. */
export function inspect(
  context: VerbContext,
  work: (inspection: Inspection) => Promise<void>,
): Promise<void> {
  const { terminal, globals } = context;
  const options = { signal: terminal.stop, timeout: globals.timeout };
  return withSession(context, (client: Client) => work({ api: meta(client), options }));
}

/**
 * Asks about each of many ids, some at a time.
 *
 * @param gone the error URI for what ended since the ids were listed: it is left out
 */
export async function askEach<T>(
  ids: readonly number[],
  ask: (id: number) => Promise<T>,
  gone: string,
): Promise<T[]> {
  const answers = new Map<number, T>();
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        answers.set(id, await ask(id));
      } catch (error) {
        if (!(error instanceof RequestError) || error.uri !== gone) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_META_CALLS }, work));
  return ids.flatMap((id) => (answers.has(id) ? [answers.get(id) as T] : []));
}
