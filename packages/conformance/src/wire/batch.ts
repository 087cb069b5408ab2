import type { SerializerName } from '../codec.js';
import { CheckFailure } from '../outcome.js';

const SEPARATOR = 0x1e;

/** Puts messages into one batch (BAT-01). */
export function joinBatch(name: SerializerName, messages: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    messages.flatMap((message) =>
      name === 'json' ? [message, Uint8Array.of(SEPARATOR)] : [lengthOf(message), message],
    ),
  );
}

/** Takes a batch apart. @throws {CheckFailure} when it is none */
export function splitBatch(name: SerializerName, batch: Buffer): Buffer[] {
  if (batch.length === 0) throw new CheckFailure('an empty batch');
  const messages: Buffer[] = [];
  for (let at = 0; at < batch.length; ) {
    const [start, end, next] = name === 'json' ? separated(batch, at) : prefixed(batch, at);
    if (end > batch.length) throw new CheckFailure('a batch that is cut off');
    messages.push(batch.subarray(start, end));
    at = next;
  }
  return messages;
}

function separated(batch: Buffer, at: number): [start: number, end: number, next: number] {
  const end = batch.indexOf(SEPARATOR, at);
  if (end < 0) throw new CheckFailure('a message without 0x1E behind it');
  return [at, end, end + 1];
}

function prefixed(batch: Buffer, at: number): [start: number, end: number, next: number] {
  if (at + 4 > batch.length) throw new CheckFailure('a batch that is cut off within a length');
  const end = at + 4 + batch.readUInt32BE(at);
  return [at + 4, end, end];
}

function lengthOf(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return length;
}
