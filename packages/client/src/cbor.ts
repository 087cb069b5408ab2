/**
 * CBOR, for `ConnectOptions.serializers`.
 *
 * @example
 * connect(url, { realm: 'realm1', serializers: [cborSerializer, jsonSerializer] });
 * @module
 */
export { cborSerializer } from '@wampkit/serializer/cbor';
