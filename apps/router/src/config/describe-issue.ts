import type * as z from 'zod';
import { findNearestKey } from './nearest-key.js';
import type { ConfigPath, Problem } from './problem.js';
import { describeValue } from './scalar-schemas.js';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;
/** Keys that the schema has at a path, by `JSON.stringify(path)`. */
type KnownKeys = Map<string, readonly string[]>;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/**
 * Words for what zod finds. `describe` is the error map of a parse; `problems` turns its issues into problems, one
 * for each unknown key.
 */
export class IssueWriter {
  readonly #known: KnownKeys = new Map();

  readonly describe = (issue: RawIssue): string => {
    if (issue.code === 'unrecognized_keys') this.#noteKnownKeys(issue);
    return describeIssue(issue);
  };

  problems(issues: readonly Issue[]): Problem[] {
    return issues.flatMap((issue) => this.#toProblems(issue));
  }

  #noteKnownKeys(issue: RawIssue): void {
    const shape = (issue.inst as z.ZodObject | undefined)?.shape ?? {};
    this.#known.set(JSON.stringify(issue.path ?? []), Object.keys(shape));
  }

  #toProblems(issue: Issue): Problem[] {
    const path = issue.path as ConfigPath;
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const known = this.#known.get(JSON.stringify(path)) ?? [];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key; ${suggest(key, known, 'known here')}`,
      atKey: true,
    }));
  }
}

/** `did you mean metaApi?`, or the list of what is known when nothing is near. */
export function suggest(given: string, known: readonly string[], label: string): string {
  const nearest = findNearestKey(given, known);
  return nearest === null ? `${label}: ${known.join(', ')}` : `did you mean ${nearest}?`;
}

function describeIssue(issue: RawIssue): string {
  if (issue.code === 'invalid_union') return describeDiscriminator(issue);
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return describeChoice(issue.input, issue.values as string[]);
  if (issue.code === 'too_small') return 'must not be empty';
  const wanted = issue.code === 'invalid_type' ? kinds[issue.expected] : undefined;
  const quotes = wanted === 'a string' && typeof issue.input === 'number' ? '; put it in quotes' : '';
  return `expected ${wanted ?? 'something else'}, got ${describeValue(issue.input)}${quotes}`;
}

function describeChoice(input: unknown, choices: readonly string[]): string {
  const wanted = `expected ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, got ${describeValue(input)}`;
  const nearest = typeof input === 'string' ? findNearestKey(input, choices) : null;
  return nearest === null ? wanted : `${wanted}; did you mean ${nearest}?`;
}

function describeDiscriminator(issue: RawIssue & { code: 'invalid_union' }): string {
  const { discriminator, options } = issue as unknown as { discriminator: string; options: string[] };
  const given = (issue.input as Record<string, unknown>)[discriminator];
  return given === undefined ? 'is missing' : describeChoice(given, options);
}
