import * as z from 'zod';
import { configSchema } from './schema.js';

/** The JSON Schema of a config as people write it, for editors and checks elsewhere. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  return { $schema, title: 'Config of wamp-router', ...schema };
}
