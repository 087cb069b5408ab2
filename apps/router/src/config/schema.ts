import * as z from 'zod';
import { httpPath, listenerSchema } from './listener-schema.js';
import { realmSchema } from './realm-schema.js';
import { duration } from './scalar-schemas.js';

/** The version of the config format that this router reads. */
const CONFIG_VERSION = 1;

/** Every key of the router's config, each with its default; docs/reference/router.yaml shows them. */
export const configSchema = z.strictObject({
  version: z
    .literal(CONFIG_VERSION, { error: `this router reads version ${CONFIG_VERSION} of the config` })
    .prefault(CONFIG_VERSION),
  listeners: z.array(listenerSchema).min(1).prefault([{}]),
  realms: z
    .array(realmSchema)
    .min(1)
    .prefault([{ name: 'realm1' }]),
  http: z
    .strictObject({ health: httpPath().prefault('/health'), metrics: httpPath().prefault('/metrics') })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).prefault('info'),
      format: z.enum(['auto', 'pretty', 'json']).prefault('auto'),
    })
    .prefault({}),
  shutdown: z.strictObject({ grace: duration().prefault('10s') }).prefault({}),
});

/** A config as people write it. */
export type ConfigInput = z.input<typeof configSchema>;
/** A config that was read: every default filled in, durations in milliseconds, sizes in bytes. */
export type RouterConfig = z.output<typeof configSchema>;
