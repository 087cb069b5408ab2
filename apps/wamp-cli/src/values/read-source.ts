import { readFile } from 'node:fs/promises';
import { unreadableFile } from '../unreadable-file.js';
import { UsageError } from '../usage-error.js';

/** Reads what `@file` and `@-` name: files, and standard input once. */
export class SourceReader {
  readonly #stdin: () => AsyncIterable<Uint8Array>;
  #stdinTaken: string | null = null;

  /** @param stdin gives standard input; asked for only when it is read */
  constructor(stdin: () => AsyncIterable<Uint8Array>) {
    this.#stdin = stdin;
  }

  /**
   * The bytes of a file, or of standard input when `name` is `-`.
   *
   * @param place what asks for it, for the error
   * @throws {UsageError} when the file cannot be read, or standard input is asked for twice
   */
  async bytes(name: string, place: string): Promise<Uint8Array> {
    if (name === '-') return this.#readStdin(place);
    try {
      return new Uint8Array(await readFile(name));
    } catch (error) {
      throw unreadableFile(name, place, error);
    }
  }

  /** As `bytes`, for what must be text. */
  async text(name: string, place: string): Promise<string> {
    const text = decodeUtf8(await this.bytes(name, place));
    if (text === null)
      throw new UsageError(`${place}: ${name === '-' ? 'standard input' : name} is not UTF-8`);
    return text;
  }

  async #readStdin(place: string): Promise<Uint8Array> {
    if (this.#stdinTaken !== null) {
      throw new UsageError(`${place}: standard input is already read for ${this.#stdinTaken}`);
    }
    this.#stdinTaken = place;
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#stdin()) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
  }
}

/** Text of UTF-8 bytes; `null` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
