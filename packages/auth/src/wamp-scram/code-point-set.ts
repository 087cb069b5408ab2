/** A set of code points, read from a table of `stringprep-tables.ts`. */
export class CodePointSet {
  /** First and last of each range, ascending. */
  readonly #bounds: readonly number[];

  constructor(table: string) {
    let last = 0;
    this.#bounds = table.split(' ').flatMap((range) => {
      const [distance = '', more = '0'] = range.split('+');
      const first = last + Number.parseInt(distance, 36);
      last = first + Number.parseInt(more, 36);
      return [first, last];
    });
  }

  has(codePoint: number): boolean {
    const bounds = this.#bounds;
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] as number) < codePoint) low = middle + 1;
      else high = middle;
    }
    // Within a range the first bound that is not below is its last, or the code point itself is one.
    return low % 2 === 1 || bounds[low] === codePoint;
  }
}
