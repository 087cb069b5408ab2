// For users: pass it to `connect` or to a listener.

export { jsonSerializer } from './json/json-serializer.js';

// For embedders: the bounds of the decoders.

export {
  CACHED_DICTS,
  CACHED_STRINGS,
  MAX_CACHED_DICT_BYTES,
  MAX_CACHED_STRING_BYTES,
  MAX_DEPTH,
  MAX_INTEGER_BYTES,
  MAX_INTEGER_DIGITS,
} from './limits.js';
