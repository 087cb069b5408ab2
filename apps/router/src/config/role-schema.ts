import * as z from 'zod';
import { count, duration, text, timeLimit, word } from './scalar-schemas.js';

const permission = z.strictObject({
  uri: text(),
  match: z.enum(['exact', 'prefix', 'wildcard']).prefault('exact'),
  allow: z.array(z.enum(['call', 'register', 'publish', 'subscribe'])),
  disclose: z.array(z.enum(['caller', 'publisher'])).prefault([]),
});

/** `realms[].roles[]`. */
export const roleSchema = z.strictObject({
  name: word(),
  permissions: z.array(permission).prefault([]),
  trustlevel: count().optional(),
  authorizer: word().optional(),
  authorizerRealm: word().optional(),
  authorizerTimeout: timeLimit().prefault('5s'),
  authorizerCacheTime: duration().prefault('1m'),
});

/** One role of a realm. */
export type RoleConfig = z.output<typeof roleSchema>;
