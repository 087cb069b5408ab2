import type { Palette } from './output/palette.js';
import type { Terminal } from './terminal.js';

/** How much wamp-cli says on stderr: -1 errors only (`-q`), 0 what happens, 1 details (`-v`), 2 every message (`-vv`). */
export type Verbosity = -1 | 0 | 1 | 2;

/** What wamp-cli says to people, on stderr. */
export class Talk {
  readonly #terminal: Terminal;
  readonly #verbosity: Verbosity;
  readonly #palette: Palette;

  constructor(terminal: Terminal, verbosity: Verbosity, palette: Palette) {
    this.#terminal = terminal;
    this.#verbosity = verbosity;
    this.#palette = palette;
  }

  get showsMessages(): boolean {
    return this.#verbosity >= 2;
  }

  /** What happens: subscribed, registered, reconnecting. */
  info(text: string): void {
    if (this.#verbosity >= 0) this.#line(this.#palette.dim(text));
  }

  /** What was probably not meant. */
  warn(text: string): void {
    if (this.#verbosity >= 0) this.#line(`${this.#palette.warning('warning:')} ${text}`);
  }

  /** Details for `-v`. */
  detail(text: string): void {
    if (this.#verbosity >= 1) this.#line(this.#palette.dim(text));
  }

  /** A message on the wire, for `-vv`. */
  message(text: string): void {
    if (this.#verbosity >= 2) this.#line(text);
  }

  /** Why wamp-cli ends; never silenced. */
  error(text: string): void {
    this.#line(`${this.#palette.error('error:')} ${text}`);
  }

  #line(text: string): void {
    this.#terminal.stderr.write(`${text}\n`);
  }
}
