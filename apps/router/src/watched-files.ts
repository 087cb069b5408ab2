import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, systemClock, type Timer } from '@wampkit/protocol';
import { FILE_POLL, FILE_SETTLE } from './limits.js';

/** One file, and who wants to know when it changes. */
interface Watched {
  readonly file: string;
  readonly changed: () => void;
  state: string;
  watcher: FSWatcher | null;
}

/**
 * Tells of changes of files: by what the system says of their folders, so that a file that is replaced is seen too, and by
 * a look now and then, for systems that say nothing.
 */
export class WatchedFiles {
  readonly #clock: Clock;
  readonly #files: Watched[] = [];
  #poll: Timer | null = null;
  #settle: Timer | null = null;
  #isClosed = false;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Calls `changed` whenever the file is another one, or has other content. */
  add(file: string, changed: () => void): void {
    if (this.#isClosed) return;
    const watched: Watched = { file, changed, state: stateOf(file), watcher: null };
    this.#files.push(watched);
    this.#watch(watched);
    this.#poll ??= this.#schedule();
  }

  /** Looks at all files now. */
  look(): void {
    for (const watched of this.#files) {
      const state = stateOf(watched.file);
      if (state === watched.state) continue;
      watched.state = state;
      watched.changed();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#poll?.cancel();
    this.#settle?.cancel();
    for (const { watcher } of this.#files) watcher?.close();
  }

  #watch(watched: Watched): void {
    try {
      watched.watcher = watch(dirname(watched.file), { persistent: false }, () => this.#lookSoon());
      watched.watcher.on('error', () => {
        watched.watcher?.close(); // the folder went: the look now and then remains
        watched.watcher = null;
      });
    } catch {
      // too many watches: the look now and then remains
    }
  }

  #lookSoon(): void {
    this.#settle?.cancel();
    this.#settle = this.#clock.setTimer(FILE_SETTLE, () => this.look());
  }

  #schedule(): Timer {
    return this.#clock.setTimer(FILE_POLL, () => {
      this.look();
      if (!this.#isClosed) this.#poll = this.#schedule();
    });
  }
}

function stateOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'none'; // not there, or its folder may not be read
  }
}
