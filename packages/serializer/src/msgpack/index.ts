// For users.
export { MsgpackExtension } from '../msgpack-extension.js';
export { msgpackSerializer } from './msgpack-serializer.js';
