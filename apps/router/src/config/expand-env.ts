import { CONFIG_DEPTH } from '../limits.js';
import type { ConfigPath, Problem } from './problem.js';

const reference = /\$(\$?)\{([^}]*)(\}?)/g;

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string value of a config tree; `$${` stands for `${`. The
 * default holds for a variable that is unset or empty, as in a shell; an unset one without default is a problem.
 *
 * @returns a copy of the tree, and what could not be expanded
 */
export function expandEnv(tree: unknown, env: Env): { tree: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  return { tree: expandValue(tree, [], { env, problems, ancestors: new Set() }), problems };
}

interface Expansion {
  readonly env: Env;
  readonly problems: Problem[];
  /** Where the walk is: a YAML alias can make a tree contain itself. */
  readonly ancestors: Set<object>;
}

function expandValue(value: unknown, path: ConfigPath, expansion: Expansion): unknown {
  if (typeof value === 'string') return expandText(value, path, expansion);
  if (typeof value !== 'object' || value === null) return value;
  const fault = describeNesting(value, path, expansion);
  if (fault !== null) {
    expansion.problems.push({ path, message: fault });
    return null;
  }
  expansion.ancestors.add(value);
  const copy = Array.isArray(value)
    ? value.map((item, index) => expandValue(item, [...path, index], expansion))
    : expandEntries(value, path, expansion);
  expansion.ancestors.delete(value);
  return copy;
}

function describeNesting(value: object, path: ConfigPath, { ancestors }: Expansion): string | null {
  if (ancestors.has(value)) return 'contains itself';
  return path.length >= CONFIG_DEPTH ? `is nested deeper than ${CONFIG_DEPTH}` : null;
}

function expandEntries(value: object, path: ConfigPath, expansion: Expansion): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const at = [...path, key];
    if (key === '__proto__') expansion.problems.push({ path: at, message: 'is no usable key', atKey: true });
    else copy[key] = expandValue(item, at, expansion);
  }
  return copy;
}

function expandText(text: string, path: ConfigPath, { env, problems }: Expansion): string {
  return text.replace(reference, (whole, escaped: string, inner: string, closed: string) => {
    if (escaped !== '') return whole.slice(1);
    const parts = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inner);
    const message = describeFault(inner, { closed: closed !== '', named: parts !== null });
    if (parts === null || message !== null) {
      problems.push({ path, message: message! });
      return whole;
    }
    const [, name, fallback] = parts as unknown as [string, string, string | undefined];
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value !== undefined) return value;
    problems.push({
      path,
      message: `environment variable ${name} is not set; set it, or write \${${name}:-default}`,
    });
    return whole;
  });
}

function describeFault(inner: string, { closed, named }: { closed: boolean; named: boolean }): string | null {
  if (!closed) return '`${` is not closed; write $${ for a literal ${';
  if (named) return null;
  return `\${${inner}} names no environment variable; write \${NAME} or \${NAME:-default}, or $\${ for a literal \${`;
}
