import { result } from '@wampkit/client';
import { describeUriFault, RequestError } from '@wampkit/protocol';
import type { VerbContext } from '../run-verb.js';
import { UsageError } from '../usage-error.js';
import { readValue } from '../values/parse-value.js';
import type { Answer } from './answer.js';

/** How `register` was told to answer. */
export interface AnswerOptions {
  echo?: boolean;
  reply?: string;
  error?: string;
  exec?: string;
}

/**
 * Makes the answer that the options ask for; none of them: an empty result.
 *
 * @throws {UsageError} when they exclude each other
 */
export async function createAnswer(options: AnswerOptions, context: VerbContext): Promise<Answer> {
  const chosen = (['echo', 'reply', 'error', 'exec'] as const).filter((name) => options[name] !== undefined);
  const isErrorWithReply = chosen.length === 2 && options.error !== undefined && options.reply !== undefined;
  if (chosen.length > 1 && !isErrorWithReply) {
    throw new UsageError(`--${chosen.join(' and --')} exclude each other`);
  }
  if (options.error !== undefined) return answerError(options.error, options.reply, context);
  if (options.reply !== undefined) return answerValue(readReply(options.reply, context));
  if (options.exec !== undefined)
    return (await import('./answer-by-command.js')).answerByCommand(options.exec, context);
  return options.echo ? ({ args, kwargs }) => result({ args, kwargs }) : () => undefined;
}

function answerValue(value: unknown): Answer {
  return () => result({ args: [value] });
}

function answerError(uri: string, reply: string | undefined, context: VerbContext): Answer {
  const fault = describeUriFault(uri);
  if (fault !== null) throw new UsageError(`--error: ${JSON.stringify(uri)} is no URI: ${fault}`);
  const args = reply === undefined ? [] : [readReply(reply, context)];
  return () => {
    throw new RequestError('', { uri, args });
  };
}

function readReply(text: string, { talk }: VerbContext): unknown {
  return readValue(text, 'auto', { place: '--reply', warn: (warning) => talk.warn(warning) });
}
