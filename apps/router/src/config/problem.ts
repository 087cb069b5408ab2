/** A place in a config tree: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong with a config, or worth a warning. */
export interface Problem {
  readonly path: ConfigPath;
  /** What is wrong, such as `is missing`. */
  readonly message: string;
  /** Whether the path's last key itself is at fault, not its value. */
  readonly atKey?: boolean;
}

/** Writes a path as people do: `realms[0].authentication[1].users.joe`; `` for the root. */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** `path: what is wrong`. */
export function formatProblem(problem: Problem): string {
  return problem.path.length === 0 ? problem.message : `${formatPath(problem.path)}: ${problem.message}`;
}
