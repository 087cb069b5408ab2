const WIDTH = 20;

/** A bar on stderr that stays on one line of a terminal, with each result on a line of its own. */
export class Progress {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #what = '';

  constructor(total: number) {
    this.#total = total;
  }

  begin(what: string): void {
    this.#what = what;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${this.#bar()} ${what}`);
  }

  end(result: string): void {
    this.#done += 1;
    const clear = process.stderr.isTTY ? '\r\x1b[K' : '';
    process.stderr.write(`${clear}${this.#bar()} ${this.#what}: ${result}\n`);
  }

  #bar(): string {
    const full = Math.round((this.#done / this.#total) * WIDTH);
    const each = (performance.now() - this.#started) / Math.max(this.#done, 1);
    const left =
      this.#done === 0 ? '' : `, ${Math.ceil(((this.#total - this.#done) * each) / 60_000)} min left`;
    return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${this.#done}/${this.#total}${left}`;
  }
}
