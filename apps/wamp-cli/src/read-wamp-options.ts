import { checkDict, type MessageCode, ProtocolError } from '@wampkit/protocol';
import { UsageError } from './usage-error.js';
import { parseForcedJson, parseValue } from './values/parse-value.js';

/* Names in the SDK's option objects that are the SDK's own and no WAMP options. */
const notWamp = new Set(['signal', 'buffer', 'overflow', 'clock', 'logger']);

/**
 * Joins the options of a verb that were given by name with those of `-o k=v`, which win, and checks the types of all
 * that WAMP defines.
 *
 * @param code the message whose Options they become
 * @throws {UsageError} naming the option
 */
export function readWampOptions(
  code: MessageCode,
  named: Readonly<Record<string, unknown>>,
  pairs: readonly string[] = [],
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(named)) if (value !== undefined) options[name] = value;
  for (const pair of pairs) {
    const [name, value] = readPair(pair);
    options[name] = value;
  }
  try {
    checkDict(code, options);
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(`option of ${error.message}`);
    throw error;
  }
  return options;
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
