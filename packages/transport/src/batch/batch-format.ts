import type { Serializer } from '@wampkit/protocol';

/**
 * How messages follow each other in a batch (BAT-01). A batch without a fault is walked from `at` = 0: a message is
 * `bytes[startOf(at), endOf(bytes, at))`, and the next one comes at `nextAt(end)`.
 */
export interface BatchFormat {
  /** Bytes that each message has around it. */
  readonly overhead: number;
  /** What is wrong with the framing of a batch, for people; `null`: nothing (BAT-02). */
  findFault(bytes: Uint8Array): string | null;
  startOf(at: number): number;
  endOf(bytes: Uint8Array, at: number): number;
  nextAt(end: number): number;
  /** Puts messages into a batch, in order. */
  join(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

/** What follows each JSON message. */
export const SEPARATOR = 0x1e;
/** What the specification's "\30" is in octal: some write this. Neither stands in JSON as it is (A19). */
export const OCTAL_SEPARATOR = 0x18;
/** Bytes of the length before each binary message. */
export const PREFIX = 4;

/** JSON: a separator after each message. */
const separated: BatchFormat = {
  overhead: 1,
  findFault(bytes) {
    if (bytes.length === 0) return 'an empty batch';
    return isSeparator(bytes[bytes.length - 1] as number) ? null : 'a batch without a separator at its end';
  },
  startOf: (at) => at,
  endOf(bytes, at) {
    while (!isSeparator(bytes[at] as number)) at++;
    return at;
  },
  nextAt: (end) => end + 1,
  join(messages) {
    const batch = allocate(messages, 1);
    let at = 0;
    for (const message of messages) {
      batch.set(message, at);
      at += message.length + 1;
      batch[at - 1] = SEPARATOR;
    }
    return batch;
  },
};

/** MessagePack and CBOR: a length of 32 bits, big-endian, before each message. */
const prefixed: BatchFormat = {
  overhead: PREFIX,
  findFault(bytes) {
    if (bytes.length === 0) return 'an empty batch';
    let at = 0;
    while (at + PREFIX <= bytes.length) at = prefixed.endOf(bytes, at);
    return at === bytes.length ? null : 'a batch that is cut off';
  },
  startOf: (at) => at + PREFIX,
  endOf: (bytes, at) => at + PREFIX + readPrefix(bytes, at),
  nextAt: (end) => end,
  join(messages) {
    const batch = allocate(messages, PREFIX);
    let at = 0;
    for (const message of messages) {
      writePrefix(batch, at, message.length);
      batch.set(message, at + PREFIX);
      at += PREFIX + message.length;
    }
    return batch;
  },
};

/** The format of a serializer's batches. */
export function batchFormatOf(serializer: Serializer): BatchFormat {
  return serializer.binary ? prefixed : separated;
}

/** Puts the separator that some write in the place of ours: for those who know no other (A19). */
export function useOctalSeparator(batch: Uint8Array): void {
  for (let at = batch.indexOf(SEPARATOR); at >= 0; at = batch.indexOf(SEPARATOR, at + 1))
    batch[at] = OCTAL_SEPARATOR;
}

/** Writes the length before a message: `length` is less than 2^32. */
export function writePrefix(target: Uint8Array, position: number, length: number): void {
  target[position] = length >>> 24;
  target[position + 1] = length >>> 16;
  target[position + 2] = length >>> 8;
  target[position + 3] = length;
}

function readPrefix(bytes: Uint8Array, at: number): number {
  const high = bytes[at] as number;
  const low =
    ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return high * 0x100_0000 + low;
}

function isSeparator(octet: number): boolean {
  return octet === SEPARATOR || octet === OCTAL_SEPARATOR;
}

function allocate(messages: readonly Uint8Array[], overhead: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(messages.reduce((size, { length }) => size + length + overhead, 0));
}
