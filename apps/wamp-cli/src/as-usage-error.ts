import { ConfigError } from '@wampkit/protocol';
import { UsageError } from './usage-error.js';

/** Rethrows an error; options that a library refuses were typed here. */
export function asUsageError(error: unknown): never {
  throw error instanceof ConfigError ? new UsageError(error.message) : error;
}
