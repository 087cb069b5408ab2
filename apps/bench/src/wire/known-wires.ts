import { cborWire } from './cbor-wire.js';
import { jsonWire } from './json-wire.js';
import { msgpackWire } from './msgpack-wire.js';
import type { Wire } from './wire.js';

/** The serializers that the generator speaks. */
export const knownWires: readonly Wire[] = [jsonWire, msgpackWire, cborWire];
