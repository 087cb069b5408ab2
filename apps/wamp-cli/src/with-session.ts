import type { Client } from '@wampkit/client';
import { CanceledError, ConnectionLostError } from '@wampkit/protocol';
import { MAX_LEAVE_TIME } from './limits.js';
import type { VerbContext } from './run-verb.js';
import type { Talk } from './talk.js';

/** How a session is used. */
export interface SessionUse {
  /** Whether a lost connection is made again. */
  readonly reconnect?: boolean | undefined;
  /** What each session begins with, also one after the connection went. */
  readonly prepare?: (client: Client) => Promise<void>;
}

/**
 * Opens a session, works in it, and leaves it with GOODBYE whatever happened.
 *
 * @returns what the work gave
 * @throws {CanceledError} when the terminal stopped the work; {ConnectionLostError} when the session ended under it
 */
export async function withSession<T>(
  context: VerbContext,
  work: (client: Client) => Promise<T>,
  { reconnect = false, prepare = async () => {} }: SessionUse = {},
): Promise<T> {
  const { globals, terminal, talk } = context;
  const client = await context.connect({ globals, terminal, talk, reconnect });
  if (reconnect) void followStatuses(client, talk, prepare);
  const workPrepared = () => prepare(client).then(() => work(client));
  try {
    return await Promise.race([workPrepared(), stopped(terminal.stop), lost(client)]);
  } finally {
    await leave(client);
  }
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new CanceledError('stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

async function lost(client: Client): Promise<never> {
  const reason = await client.closed;
  if (reason instanceof Error) throw reason;
  throw new ConnectionLostError('the router closed the session', { sent: true });
}

async function followStatuses(
  client: Client,
  talk: Talk,
  prepare: (client: Client) => Promise<void>,
): Promise<void> {
  for await (const event of client.statuses()) {
    if (event.status === 'joined') {
      talk.info(`joined again as session ${event.session.id}`);
      await prepare(client).catch((error: Error) => talk.warn(error.message));
    }
    if (event.status !== 'reconnecting') continue;
    talk.info(`${event.error.message}; attempt ${event.attempt} in ${Math.round(event.delay)} ms`);
  }
}

/** A router that does not answer GOODBYE keeps nobody. */
async function leave(client: Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_LEAVE_TIME);
  });
  await Promise.race([close(client), patience]);
  clearTimeout(timer);
}

async function close(client: Client): Promise<void> {
  try {
    await client.leave();
    await client.close();
  } catch {
    // It is gone already.
  }
}
