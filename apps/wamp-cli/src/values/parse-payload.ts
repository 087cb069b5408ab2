import { isDict } from '@wampkit/protocol';
import { UsageError } from '../usage-error.js';
import {
  parseForcedJson,
  readValue,
  type ValueMode,
  type ValueModeOptions,
  valueMode,
} from './parse-value.js';
import { decodeUtf8, type SourceReader } from './read-source.js';

/** The options with which a verb takes its payload. */
export interface PayloadOptions extends ValueModeOptions {
  /** A JSON list, or `@file`; comes before the arguments typed. */
  argsJson?: string;
  /** A JSON object, or `@file`; a `k=v` typed overrides its keys. */
  kwargsJson?: string;
  /** A file or `-` with `{"args":[...],"kwargs":{...}}` or a list; what is typed comes on top. */
  payload?: string;
}

/** What was typed: Arguments and ArgumentsKw. */
export interface TypedPayload {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** What reading a payload needs besides the text. */
export interface PayloadSources {
  readonly reader: SourceReader;
  /** Told about what is legal and probably not meant. */
  warn(text: string): void;
}

interface Keyword {
  readonly key: string;
  readonly forced: boolean;
  readonly text: string;
}

/* Keys that our own output has beside args and kwargs: a line of it can be sent again as it is. */
const ownOutput = new Set([
  'topic',
  'procedure',
  'publication',
  'subscription',
  'details',
  'time',
  'progress',
  'error',
  'message',
]);

/**
 * Reads the values typed after a URI into args and kwargs: `k=v`, `k:=json`, `k=@file`, `k:=@file` are kwargs, all else
 * args (see `parseValue`).
 *
 * @throws {UsageError} for anything that cannot be read, naming it
 */
export async function parsePayload(
  tokens: readonly string[],
  options: PayloadOptions,
  sources: PayloadSources,
): Promise<TypedPayload> {
  const mode = valueMode(options);
  const base = await readPayloadFile(options.payload, sources);
  const args = [...base.args, ...(await readList(options.argsJson, '--args-json', sources))];
  const dict = await readDict(options.kwargsJson, '--kwargs-json', sources);
  const kwargs = new Map(Object.entries({ ...base.kwargs, ...dict }));
  const typed = new Set<string>();
  for (const token of tokens) {
    const keyword = splitKeyword(token, mode);
    if (keyword === null) {
      args.push(readValue(token, mode, { place: `argument ${args.length + 1}`, warn: sources.warn }));
      continue;
    }
    if (typed.has(keyword.key)) throw new UsageError(`keyword argument ${keyword.key} is given twice`);
    typed.add(keyword.key);
    kwargs.set(keyword.key, await readKeyword(keyword, mode, sources));
  }
  return { args, kwargs: Object.fromEntries(kwargs) };
}

/** Splits `k=v` and `k:=v`; `null` for a positional argument. A key is a letter, then letters, digits, `_`, `-`, `.`. */
function splitKeyword(token: string, mode: ValueMode): Keyword | null {
  const [, key, mark, text] = /^([\p{L}_$][\p{L}\p{N}_$.-]*)(:?=)(.*)$/su.exec(token) ?? [];
  if (key === undefined) return null;
  // Padded base64 ends in "=" and would pass for a key without a value.
  if (mode === 'base64' && /^=?$/.test(text as string) && mark === '=' && token.length % 4 === 0) return null;
  return { key, forced: mark === ':=', text: text as string };
}

async function readKeyword(keyword: Keyword, mode: ValueMode, sources: PayloadSources): Promise<unknown> {
  const { key, forced, text } = keyword;
  const place = `keyword argument ${key}`;
  if (!text.startsWith('@')) {
    return forced ? parseForcedJson(text, place) : readValue(text, mode, { place, warn: sources.warn });
  }
  const name = text.slice(1);
  if (name === '')
    throw new UsageError(`${place}: a file name must follow "@"; for the text "@" write ${key}:='"@"'`);
  if (forced) return parseForcedJson(await sources.reader.text(name, place), `${place} (${name})`);
  const bytes = await sources.reader.bytes(name, place);
  return mode === 'base64' ? bytes : (decodeUtf8(bytes) ?? bytes);
}

/**
 * Reads an option that holds a JSON list, or `@file`; without it the list is empty.
 *
 * @param place the option, for an error
 * @throws {UsageError} for anything else
 */
export async function readList(
  source: string | undefined,
  place: string,
  sources: PayloadSources,
): Promise<readonly unknown[]> {
  if (source === undefined) return [];
  const list = await readJson(source, place, sources);
  if (!Array.isArray(list)) throw new UsageError(`${place}: must be a JSON list`);
  return list;
}

/** As `readList`, for a JSON object. */
export async function readDict(
  source: string | undefined,
  place: string,
  sources: PayloadSources,
): Promise<Readonly<Record<string, unknown>>> {
  if (source === undefined) return {};
  const dict = await readJson(source, place, sources);
  if (!isDict(dict)) throw new UsageError(`${place}: must be a JSON object`);
  return dict;
}

async function readJson(source: string, place: string, sources: PayloadSources): Promise<unknown> {
  const text = source.startsWith('@') ? await sources.reader.text(source.slice(1), place) : source;
  return parseForcedJson(text, place);
}

async function readPayloadFile(name: string | undefined, sources: PayloadSources): Promise<TypedPayload> {
  if (name === undefined) return { args: [], kwargs: {} };
  const file = name.replace(/^@/, '');
  const payload = toPayload(await readPayloadValue(file, sources.reader));
  if (payload === null) {
    throw new UsageError(`--payload (${file}): must be {"args":[...],"kwargs":{...}} or a list of arguments`);
  }
  return payload;
}

/** The form is told by the name: YAML and CBOR by theirs, JSON otherwise. */
async function readPayloadValue(file: string, reader: SourceReader): Promise<unknown> {
  const place = `--payload (${file})`;
  if (/\.ya?ml$/i.test(file)) {
    const { parseYaml } = await import('./parse-yaml.js');
    return parseYaml(await reader.text(file, '--payload'), place);
  }
  if (/\.cbor$/i.test(file)) {
    const { parseCbor } = await import('./parse-cbor.js');
    return parseCbor(await reader.bytes(file, '--payload'), place);
  }
  return parseForcedJson(await reader.text(file, '--payload'), place);
}

function toPayload(value: unknown): TypedPayload | null {
  if (Array.isArray(value)) return { args: value, kwargs: {} };
  if (!isDict(value)) return null;
  const { args, kwargs, ...rest } = value;
  if (!Object.keys(rest).every((key) => ownOutput.has(key))) return null;
  if (args !== undefined && !Array.isArray(args)) return null;
  if (kwargs !== undefined && !isDict(kwargs)) return null;
  return { args: args ?? [], kwargs: kwargs ?? {} };
}
