import { ResultPayload } from './messages.js';
import type { ResultInput } from './options.js';

/**
 * The full shape of a procedure's result, where one value is not enough.
 *
 * @example
 * client.register('com.example.split', ({ args }) => result({ args: String(args[0]).split(' ') }));
 */
export function result(payload: ResultInput): ResultPayload {
  return new ResultPayload(payload);
}
