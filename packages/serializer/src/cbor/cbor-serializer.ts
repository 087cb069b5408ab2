import type { Serializer } from '@wampkit/protocol';
import { BinarySerializer } from '../binary-serializer.js';
import { CborFormat } from './cbor-format.js';
import { CborReader } from './cbor-reader.js';
import { CborScanner } from './cbor-scanner.js';
import { CborValueReader } from './cbor-value-reader.js';
import { CborWriter } from './cbor-writer.js';

function createCborSerializer(): Serializer {
  const scanner = new CborScanner();
  const values = new CborValueReader();
  const format = new CborFormat(scanner, values);
  const reader = new CborReader(scanner, format.dicts);
  return new BinarySerializer('cbor', { reader, format, values, createWriter: () => new CborWriter() });
}

/** CBOR (`wamp.2.cbor`, RFC 8949). Its caches are bounded. */
export const cborSerializer: Serializer = createCborSerializer();
