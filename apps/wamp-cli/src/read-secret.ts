import { readFile } from 'node:fs/promises';
import type { Terminal } from './terminal.js';
import { unreadableFile } from './unreadable-file.js';
import { UsageError } from './usage-error.js';

/** Where a secret comes from, as typed: `@file` (`@-` is stdin), `env:NAME`, `prompt`, or the secret itself. */
export interface SecretRequest {
  readonly source: string;
  /** The option that it was given to, such as `--ticket`. */
  readonly option: string;
  /** What to ask when it is typed in. */
  readonly question: string;
}

/** Whether the source is the secret itself, which everybody can see in the list of processes. */
export function isPlainSecret(source: string): boolean {
  return !/^(@|env:|prompt$)/.test(source);
}

/**
 * Reads a secret from where its source says. One line end at the end of a file does not count.
 *
 * @throws {UsageError} when the file, variable or terminal is not there; never quotes a secret
 */
export async function readSecret(request: SecretRequest, terminal: Terminal): Promise<string> {
  const { source, option, question } = request;
  if (source === 'prompt') return terminal.promptSecret(question);
  if (source.startsWith('env:')) return readVariable(source.slice(4), option, terminal);
  if (source === '@-') return withoutLineEnd(await readAll(terminal.stdin));
  if (source.startsWith('@')) return readSecretFile(source.slice(1), option);
  return source;
}

function readVariable(name: string, option: string, terminal: Terminal): string {
  const value = terminal.env[name];
  if (value === undefined) throw new UsageError(`${option}: the environment has no ${name}`);
  return value;
}

async function readSecretFile(name: string, option: string): Promise<string> {
  try {
    return withoutLineEnd(await readFile(name, 'utf8'));
  } catch (error) {
    throw unreadableFile(name, option, error);
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
