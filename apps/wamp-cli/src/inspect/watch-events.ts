import type { SubscribeOptions, Subscription } from '@wampkit/client';
import { type MetaApi, meta } from '@wampkit/client/meta';
import { ConnectionLostError, isDict } from '@wampkit/protocol';
import { Ending } from '../ending.js';
import { formatPayload } from '../output/format-payload.js';
import { printRow, type Row } from '../output/print-table.js';
import { parseCount } from '../parse-count.js';
import { parseDuration } from '../parse-duration.js';
import type { VerbContext } from '../run-verb.js';
import { withSession } from '../with-session.js';
import { withinTime } from '../within-time.js';

/** What `watch` was given by name. */
export interface WatchOptions {
  count?: string;
  for?: string;
  reconnect?: boolean;
}

/** Tells what happened: a short name and what the router told of it. */
type Tell = (event: string, row: Row) => void;

/** Subscribes to one event of the meta API. */
export type Watch = (api: MetaApi, tell: Tell, options: SubscribeOptions) => Promise<Subscription>;

/** Prints events of the meta API until told to end. */
export async function watchEvents(
  context: VerbContext,
  given: WatchOptions,
  { watches, key }: { watches: readonly Watch[]; key: string },
): Promise<void> {
  const conditions = {
    count: given.count === undefined ? undefined : parseCount(given.count, '--count'),
    duration: given.for === undefined ? undefined : parseDuration(given.for, '--for'),
  };
  const { terminal, globals, talk } = context;
  await withSession(
    context,
    async (client) => {
      using ending = new Ending(conditions);
      const tell: Tell = (event, row) => {
        if (ending.isOver) return;
        printHappening(context, { event, row, key });
        ending.count();
      };
      const limits = { stop: terminal.stop, timeout: globals.timeout };
      for (const watch of watches) {
        const subscribe = (signal: AbortSignal) => watch(meta(client), tell, { signal });
        failWith(ending, await withinTime('watch', limits, subscribe));
      }
      talk.info('watching');
      ending.start();
      await ending.reached;
    },
    { reconnect: given.reconnect },
  );
}

/* For people on one line: what is nested is left to the other modes. */
function printHappening(
  { printer }: VerbContext,
  { event, row, key }: { event: string; row: Row; key: string },
): void {
  if (printer.mode !== 'pretty') {
    printRow(printer, { event, ...row }, key);
    return;
  }
  const { palette, output } = printer;
  const kwargs = Object.fromEntries(Object.entries(row).filter(([, value]) => !isDict(value)));
  const time = palette.dim(new Date().toTimeString().slice(0, 8));
  const text = formatPayload({ args: [], kwargs }, palette, Number.POSITIVE_INFINITY);
  output.write(`${time} ${palette.uri(event.padEnd('unsubscribe'.length))} ${text}\n`);
}

function failWith(ending: Ending, { topic, ended }: Subscription): void {
  void ended.then(({ type, reason, error }) => {
    if (type === 'done') return;
    const why = `the subscription to "${topic}" ended: ${reason ?? type}`;
    ending.fail(error ?? new ConnectionLostError(why, { sent: true }));
  });
}
