import { checkDict, dictKeys, type MessageCode, messageName, ProtocolError } from '@wampkit/protocol';
import { findNearestWord } from './nearest-word.js';
import type { Talk } from './talk.js';
import { UsageError } from './usage-error.js';
import { parseForcedJson, parseValue } from './values/parse-value.js';

/* Names in the SDK's option objects that are the SDK's own and no WAMP options. */
const notWamp = new Set(['signal', 'buffer', 'overflow', 'clock', 'logger']);

/** The options of a verb as they were typed. */
export interface TypedOptions {
  readonly named: Readonly<Record<string, unknown>>;
  /** `k=v` of each `-o`. */
  readonly pairs?: readonly string[] | undefined;
}

/**
 * Joins the options of a verb that were given by name with those of `-o k=v`, which win, checks the types of all that
 * WAMP defines, and warns of what it does not define.
 *
 * @param code the message whose Options they become
 * @throws {UsageError} naming the option
 */
export function readWampOptions(
  code: MessageCode,
  { named, pairs = [] }: TypedOptions,
  talk: Talk,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(named)) if (value !== undefined) options[name] = value;
  for (const pair of pairs) {
    const [name, value] = readPair(pair);
    options[name] = value;
    warnOfUnknown(name, code, talk);
  }
  try {
    checkDict(code, options);
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(`option of ${error.message}`);
    throw error;
  }
  return options;
}

/* It is sent all the same: a router may know options that we do not. */
function warnOfUnknown(name: string, code: MessageCode, talk: Talk): void {
  const known = dictKeys(code);
  if (name.startsWith('_') || known.includes(name)) return;
  const nearest = findNearestWord(name, known);
  const hint = nearest === null ? `it has ${known.join(', ')}.` : `did you mean ${nearest}?`;
  talk.warn(`-o ${name}: WAMP has no such option of ${messageName(code)}; ${hint} Custom ones begin with _`);
}

function readPair(pair: string): [string, unknown] {
  // BP-MSG-04: predefined keys, and custom keys with a leading underscore.
  const [, name, mark, text] = /^([a-z][a-z0-9_]{2,}|_[a-z0-9_]{3,})(:?=)(.*)$/s.exec(pair) ?? [];
  if (name === undefined || notWamp.has(name)) {
    throw new UsageError(
      `-o ${pair}: must be option=value with the name of a WAMP option, such as disclose_me=true`,
    );
  }
  const place = `-o ${name}`;
  return [
    name,
    mark === ':=' ? parseForcedJson(text as string, place) : parseValue(text as string, 'auto', place),
  ];
}
