import type { Serializer } from '@wampkit/protocol';
import { BinarySerializer } from '../binary-serializer.js';
import { MsgpackFormat } from './msgpack-format.js';
import { MsgpackReader } from './msgpack-reader.js';
import { MsgpackScanner } from './msgpack-scanner.js';
import { MsgpackValueReader } from './msgpack-value-reader.js';
import { MsgpackWriter } from './msgpack-writer.js';

function createMsgpackSerializer(): Serializer {
  const scanner = new MsgpackScanner();
  const values = new MsgpackValueReader();
  const format = new MsgpackFormat(scanner, values);
  const reader = new MsgpackReader(scanner, format.dicts);
  return new BinarySerializer('msgpack', { reader, format, values, createWriter: () => new MsgpackWriter() });
}

/** MessagePack (`wamp.2.msgpack`). Its caches are bounded. */
export const msgpackSerializer: Serializer = createMsgpackSerializer();
