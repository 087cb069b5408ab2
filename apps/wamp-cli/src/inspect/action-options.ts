import { UsageError } from '../usage-error.js';

/** Which actions of a verb heed an option, by the option's name. */
export type ActionOptions = Readonly<Record<string, readonly string[]>>;

/**
 * Refuses options that an action would not heed.
 *
 * @throws {UsageError} naming the option, and the actions that have it
 */
export function checkActionOptions(action: string, given: object, known: ActionOptions): void {
  for (const [option, actions] of Object.entries(known)) {
    if (!(option in given) || actions.includes(action)) continue;
    const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} is for ${actions.join(' and ')}, not for ${action}`);
  }
}

/**
 * Checks how many targets, such as ids, an action was given.
 *
 * @param most how many at most
 * @throws {UsageError} saying what it takes
 */
export function checkTargets(
  action: string,
  targets: readonly string[],
  { least, most, what }: { least: number; most: number; what: string },
): void {
  if (targets.length < least) throw new UsageError(`${action} needs ${what}`);
  if (targets.length > most)
    throw new UsageError(most === 0 ? `${action} takes no argument` : `${action} takes ${what} alone`);
}
