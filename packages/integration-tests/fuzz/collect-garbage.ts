import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Collects what nothing refers to any more. */
export async function collectGarbage(): Promise<void> {
  // what a WeakRef was asked for lives until its turn has ended
  for (let n = 0; n < 2; n++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}
