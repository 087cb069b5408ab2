/**
 * MessagePack, for `ConnectOptions.serializers`.
 *
 * @example
 * connect(url, { realm: 'realm1', serializers: [msgpackSerializer, jsonSerializer] });
 * @module
 */
export { msgpackSerializer } from '@wampkit/serializer/msgpack';
