import { afterAll, beforeAll, describe } from 'vitest';
import { allCells, type ForeignCell } from './foreign-client.js';
import type { OtherRouter, RunningRouter } from './other-routers.js';

/** A cell of a suite: one transport and serializer of somebody else's router, which runs when the tests do. */
export interface RouterCell {
  readonly other: OtherRouter;
  readonly cell: ForeignCell;
  readonly running: () => RunningRouter;
  /** What the router cannot do in this serializer, and why. */
  readonly lacks: ReturnType<OtherRouter['lacks']>;
  /** Begins every URI of the cell. */
  readonly base: string;
}

/** Starts somebody else's router, and declares the tests of each transport and serializer. */
export function routerSuite(other: OtherRouter, declare: (cell: RouterCell) => void): void {
  let router: RunningRouter;

  beforeAll(async () => {
    router = await other.start();
  });
  afterAll(() => router?.[Symbol.asyncDispose]());

  describe.each(allCells)('$transport/$serializer', (cell) =>
    declare({
      other,
      cell,
      running: () => router,
      lacks: other.lacks(cell.serializer),
      base: `com.example.${cell.transport}.${cell.serializer}`,
    }),
  );
}
