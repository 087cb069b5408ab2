import type { WampError } from '@wampkit/protocol';
import { limits } from './limits.js';
import type { SessionDetails } from './session/session-details.js';
import { EventBuffer } from './subscriptions/event-buffer.js';

/** Where a client is: `left` may `join` again, `closed` is the end. */
export type ClientStatus = 'joined' | 'reconnecting' | 'left' | 'closed';

/** A step of a client's life. */
export type StatusEvent =
  | { readonly status: 'joined'; readonly session: SessionDetails }
  | {
      readonly status: 'reconnecting';
      /** Attempts in a row, from 1. */
      readonly attempt: number;
      /** Milliseconds until this attempt. */
      readonly delay: number;
      /** Why the session ended, or the attempt before failed. */
      readonly error: WampError;
    }
  | { readonly status: 'left' }
  | { readonly status: 'closed' /** `null` after `close()`. */; readonly error: WampError | null };

/** Tells every watcher each step from when it begins to watch. */
export class StatusFeed {
  readonly #watchers = new Set<EventBuffer<StatusEvent>>();
  #ended = false;

  tell(event: StatusEvent): void {
    for (const watcher of this.#watchers) watcher.push(event);
  }

  end(): void {
    this.#ended = true;
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }

  watch(): AsyncIterableIterator<StatusEvent, undefined> {
    const buffer = new EventBuffer<StatusEvent>(limits.statuses, 'drop-oldest');
    if (this.#ended) buffer.end();
    else this.#watchers.add(buffer);
    return {
      next: () => buffer.next(),
      return: async () => {
        this.#watchers.delete(buffer);
        buffer.clear();
        buffer.end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
