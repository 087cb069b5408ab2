// For users.
export { cborSerializer } from './cbor-serializer.js';
