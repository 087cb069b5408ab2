import { cborSerializer } from '@wampkit/client/cbor';
import { type Call, ProtocolError } from '@wampkit/protocol';
import { UsageError } from '../usage-error.js';

/* `[48, 1, {}, "x", [` in CBOR: a CALL whose one argument follows. */
const callWithOneArgument = Uint8Array.of(0x85, 0x18, 0x30, 0x01, 0xa0, 0x61, 0x78, 0x81);

/**
 * Reads one CBOR value exactly as it would be read from the wire: as the argument of a CALL.
 *
 * @throws {UsageError} naming the place and the fault
 */
export function parseCbor(bytes: Uint8Array, place: string): unknown {
  const message = Buffer.concat([callWithOneArgument, bytes]);
  try {
    return (cborSerializer.decode(message, 0, message.length) as Call).payload.args()[0];
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(`${place}: not valid CBOR: ${error.message}`);
    throw error;
  }
}
