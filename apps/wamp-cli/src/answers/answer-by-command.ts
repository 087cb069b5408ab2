import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type InvocationContext, result } from '@wampkit/client';
import { ErrorUri, isDict, RequestError } from '@wampkit/protocol';
import { MAX_COMMAND_OUTPUT } from '../limits.js';
import type { VerbContext } from '../run-verb.js';
import { parseJson } from '../values/parse-json.js';
import { decodeUtf8 } from '../values/read-source.js';
import type { Answer } from './answer.js';
import { CommandError, type RunningCommand, startCommand } from './start-command.js';

/** Answers invocations with what a shell command prints; INTERRUPT and the terminal's stop end the command. */
export function answerByCommand(command: string, { terminal, talk }: VerbContext): Answer {
  return async (invocation) => {
    const signal = AbortSignal.any([invocation.signal, terminal.stop]);
    const { procedure, args, kwargs, details } = invocation;
    const running = startCommand(command, { args, kwargs, procedure, details }, signal);
    try {
      return await takeOutput(running, invocation);
    } catch (error) {
      if (invocation.signal.aborted) throw invocation.signal.reason;
      if (!(error instanceof CommandError)) throw error;
      talk.warn(`${procedure}: the command failed: ${error.message}`);
      throw commandFailure(error);
    }
  };
}

async function takeOutput(running: RunningCommand, invocation: InvocationContext): Promise<unknown> {
  const output = invocation.receivesProgress
    ? sendLines(running.stdout, invocation)
    : collect(running.stdout).then(toResult);
  const [answer] = await Promise.all([output, running.ended]);
  return answer;
}

/** Each line is a progressive result as soon as it is printed, and the last one the result. */
async function sendLines(stdout: Readable, invocation: InvocationContext): Promise<unknown> {
  let last: unknown;
  for await (const line of createInterface({ input: stdout })) {
    last = textResult(line);
    invocation.progress(last);
  }
  return last;
}

async function collect(stdout: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdout as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_COMMAND_OUTPUT)
      throw new CommandError(`it printed more than ${MAX_COMMAND_OUTPUT} bytes`, null);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What is no text is binary; nothing printed is an empty result. */
function toResult(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeUtf8(bytes);
  return text === null ? result({ args: [new Uint8Array(bytes)] }) : textResult(text);
}

/** `{"args","kwargs"}` is the whole result; other JSON, or text without its last line end, its one argument. */
function textResult(text: string): unknown {
  const value = jsonOrText(text);
  if (!isDict(value)) return result({ args: [value] });
  const { args, kwargs, procedure: _procedure, details: _details, ...rest } = value;
  const isPayload = Object.keys(rest).length === 0 && (args !== undefined || kwargs !== undefined);
  const fits = (args === undefined || Array.isArray(args)) && (kwargs === undefined || isDict(kwargs));
  return isPayload && fits ? result({ args: args ?? [], kwargs: kwargs ?? {} }) : result({ args: [value] });
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text.replace(/\r?\n$/, '');
  }
}

function commandFailure(error: CommandError): RequestError {
  const kwargs = error.exitCode === null ? {} : { exit_code: error.exitCode };
  return new RequestError(error.message, { uri: ErrorUri.RuntimeError, args: [error.message], kwargs });
}
