import { JoinError, RequestError, WampError } from '@wampkit/protocol';
import { ExitCode } from '../exit-codes.js';
import type { Talk } from '../talk.js';
import type { Output } from '../terminal.js';
import { formatJson } from '../values/format-json.js';
import { printable } from './printable.js';

/** Where an error is told. */
export interface ErrorPlaces {
  readonly talk: Talk;
  /** Given when `--json` was asked for: the error is data too. */
  readonly jsonOutput?: Output;
}

/** Tells why a verb failed: on stderr with URI, args and kwargs, and as a line of JSON where asked for. */
export function printError(error: unknown, exitCode: number, { talk, jsonOutput }: ErrorPlaces): void {
  talk.error(describeError(error, exitCode));
  if (exitCode === ExitCode.Defect) talk.detail(String((error as Error)?.stack ?? error));
  jsonOutput?.write(`${formatJson(errorMembers(error))}\n`);
}

function describeError(error: unknown, exitCode: number): string {
  const message = error instanceof Error ? error.message : String(error);
  if (exitCode === ExitCode.Defect) return `unexpected: ${message} (-v shows where)`;
  const lines = [headline(error, message), ...payloadLines(error)];
  return lines.map(printable).join('\n  ');
}

/** The URI comes first; the SDK's message follows when it says more. */
function headline(error: unknown, message: string): string {
  const uri = hasPayload(error) ? error.uri : undefined;
  if (uri === undefined || message.includes(uri)) return message;
  return `${uri}: ${message}`;
}

function payloadLines(error: unknown): string[] {
  if (!hasPayload(error)) return [];
  const lines = [];
  if (error.args.length > 0) lines.push(`args: ${formatJson(error.args)}`);
  if (Object.keys(error.kwargs).length > 0) lines.push(`kwargs: ${formatJson(error.kwargs)}`);
  return lines;
}

function errorMembers(error: unknown): Record<string, unknown> {
  return {
    error: (error instanceof WampError ? error.uri : undefined) ?? null,
    message: error instanceof Error ? error.message : String(error),
    ...(hasPayload(error) ? { args: error.args, kwargs: error.kwargs } : {}),
  };
}

function hasPayload(error: unknown): error is RequestError | JoinError {
  return error instanceof RequestError || error instanceof JoinError;
}
