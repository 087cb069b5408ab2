import * as z from 'zod';
import { count, duration, text, timeLimit, word } from './scalar-schemas.js';

/** The name of a file, in whose place stands what it holds when the config was read, or a JSON Schema itself. */
const jsonSchema = z.union([word(), z.boolean(), z.record(z.string(), z.unknown())], {
  error: 'expected the name of a file, or a JSON Schema',
});

const permission = z.strictObject({
  uri: text(),
  match: z.enum(['exact', 'prefix', 'wildcard']).prefault('exact'),
  allow: z.array(z.enum(['call', 'register', 'publish', 'subscribe'])),
  disclose: z.array(z.enum(['caller', 'publisher'])).prefault([]),
  schema: z.strictObject({ args: jsonSchema.optional(), kwargs: jsonSchema.optional() }).optional(),
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

/** One rule of a role. */
export type PermissionConfig = z.output<typeof permission>;
/** One role of a realm. */
export type RoleConfig = z.output<typeof roleSchema>;
