import type { VerbContext } from './run-verb.js';
import type { PayloadSources } from './values/parse-payload.js';
import { SourceReader } from './values/read-source.js';

/** Files, the terminal's stdin, and its talk, for reading a payload. */
export function payloadSources({ terminal, talk }: VerbContext): PayloadSources {
  return { reader: new SourceReader(() => terminal.stdin), warn: (text) => talk.warn(text) };
}
