import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { ConfigError } from '@wampkit/protocol';
import { checkFiles, describeReadFault } from './check-files.js';
import { checkReferences } from './check-references.js';
import { checkUsersFiles } from './check-users-files.js';
import { IssueWriter } from './describe-issue.js';
import { type Env, expandEnv } from './expand-env.js';
import { findExposedDeciders } from './find-exposed-deciders.js';
import { formatPath, formatProblem, type Problem } from './problem.js';
import { resolvePaths } from './resolve-paths.js';
import { type ConfigInput, configSchema, type RouterConfig } from './schema.js';
import { readSchemaFiles } from './schema-files.js';
import { readSecretFiles } from './secret-files.js';
import { findStarUris } from './star-uris.js';
import { findStarlessTemplates } from './starless-templates.js';
import { findUnbuiltKeys } from './unbuilt-keys.js';
import { findUselessMethods } from './useless-methods.js';
import { type TextPosition, YamlSource } from './yaml-source.js';

/** A config that can be used. */
export interface LoadedConfig {
  readonly config: RouterConfig;
  /** One line for each key that has no effect, whose feature is not built yet, or that leaves something open: `path: what it means (file:line:column)`. */
  readonly warnings: readonly string[];
  /** Where the config came from, for people; `null` without a file. */
  readonly file: string | null;
}

/** What reading a config depends on besides the config. */
export interface ReadConfigOptions {
  /** Environment variables for `${NAME}`; default: the process's. */
  env?: Env;
  /** Where relative file paths start; default: the config file's folder, or the working directory. */
  folder?: string;
}

/**
 * Reads a config file, YAML or JSON.
 *
 * @throws {ConfigError} with a line for everything that is wrong: `file:line:column: path: what is wrong`
 */
export function loadConfig(file: string, options: ReadConfigOptions = {}): LoadedConfig {
  const text = readText(file);
  return parseConfig(text, { ...options, folder: options.folder ?? dirname(resolve(file)), file });
}

/**
 * Reads the text of a config, YAML or JSON.
 *
 * @internal
 * @param options.file what to call the text in errors
 * @throws {ConfigError} as `loadConfig`
 */
export function parseConfig(text: string, options: ReadConfigOptions & { file: string }): LoadedConfig {
  const source = new YamlSource(text);
  const name = basename(options.file);
  const faults = source.problems;
  if (faults.length > 0) {
    throw configError(faults.map(({ message, position }) => `${place(name, position)}: ${message}`));
  }
  const describe = (problem: Problem): string =>
    `${place(name, source.locate(problem))}: ${formatProblem(problem)}`;
  const { config, problems, warnings } = judge(readTree(source, name), options);
  if (config === null) throw configError(inTextOrder(problems, source).map(describe));
  return {
    config,
    warnings: warnings.map((warning) => `${formatProblem(warning)} (${place(name, source.locate(warning))})`),
    file: options.file,
  };
}

/**
 * Reads a config given as a value, as programs do.
 *
 * @throws {ConfigError} with a line for everything that is wrong: `path: what is wrong`
 */
export function readConfig(input: ConfigInput, options: ReadConfigOptions = {}): LoadedConfig {
  const { config, problems, warnings } = judge(input, options);
  if (config === null) throw configError(problems.map(formatProblem));
  return { config, warnings: warnings.map(formatProblem), file: null };
}

interface Judgement {
  readonly config: RouterConfig | null;
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

function judge(input: unknown, { env = process.env, folder = process.cwd() }: ReadConfigOptions): Judgement {
  const { tree: expanded, problems: unset } = expandEnv(input, env);
  const { tree: told, problems: unread } = readSecretFiles(expanded, folder);
  const { tree, problems: unfit } = readSchemaFiles(told, folder);
  const writer = new IssueWriter();
  const parsed = configSchema.safeParse(tree, { error: writer.describe });
  const found = parsed.success ? [] : writer.problems(parsed.error.issues);
  const atOnce = withoutRepeats([
    ...unset,
    ...unread,
    ...unfit,
    ...found,
    ...checkReferences(tree),
    ...checkFiles(tree, folder),
  ]);
  // a file of users can be wrong in many places, all of them behind one path
  const taken = pathsOf(atOnce);
  const inUsersFiles = checkUsersFiles(tree, { folder, env }).filter(
    ({ path }) => !taken.has(formatPath(path)),
  );
  const problems = [...atOnce, ...inUsersFiles];
  if (!parsed.success || problems.length > 0) return { config: null, problems, warnings: [] };
  const warnings = [
    ...findUnbuiltKeys(tree, parsed.data),
    ...findUselessMethods(parsed.data),
    ...findStarUris(parsed.data),
    ...findStarlessTemplates(parsed.data),
    ...findExposedDeciders(parsed.data),
  ];
  return { config: resolvePaths(parsed.data, folder), problems, warnings };
}

function inTextOrder(problems: readonly Problem[], source: YamlSource): Problem[] {
  const order = ({ line, column }: TextPosition): number => line * 2 ** 20 + column;
  return problems
    .map((problem) => ({ problem, at: order(source.locate(problem) ?? { line: 0, column: 0 }) }))
    .sort((a, b) => a.at - b.at)
    .map(({ problem }) => problem);
}

function pathsOf(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.map(({ path }) => formatPath(path)));
}

/** One problem a place is enough: what comes first is the cause of what follows. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const key = formatPath(path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function readTree(source: YamlSource, name: string): unknown {
  try {
    return source.tree();
  } catch (error) {
    throw configError([`${name}: ${(error as Error).message}`]);
  }
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) throw configError([`file ${file} is not UTF-8`]);
    throw configError([describeReadFault(file, error)]);
  }
}

function configError(lines: readonly string[]): ConfigError {
  return new ConfigError(lines.join('\n'));
}

function place(name: string, position: TextPosition | null): string {
  return position === null ? name : `${name}:${position.line}:${position.column}`;
}
