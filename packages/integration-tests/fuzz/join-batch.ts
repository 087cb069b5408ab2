import type { Serializer } from '@wampkit/protocol';

/** Puts what may be messages into one batch, as BAT-01 has it. */
export function joinBatch(serializer: Serializer, messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts = messages.flatMap((message) => {
    if (!serializer.binary) return [message, Uint8Array.of(0x1e)];
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    return [length, message];
  });
  return new Uint8Array(Buffer.concat(parts));
}
