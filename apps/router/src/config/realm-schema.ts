import * as z from 'zod';
import { authenticationSchema } from './authentication-schema.js';
import { roleSchema } from './role-schema.js';
import { count, duration, flag, size, text, word } from './scalar-schemas.js';

const match = z.enum(['exact', 'prefix', 'wildcard']);
const ANY_SIZE = { min: 1 };

const history = z.strictObject({
  topic: text(),
  match: match.prefault('exact'),
  limit: count({ min: 1 }),
  maxAge: duration().optional(),
});

const retain = z.strictObject({
  maxTopics: count().prefault(10_000),
  maxSize: size(ANY_SIZE).prefault('64MiB'),
});

const limits = z.strictObject({
  sessions: count().prefault(0),
  subscriptionsPerSession: count().prefault(10_000),
  registrationsPerSession: count().prefault(10_000),
  pendingCallsPerSession: count().prefault(10_000),
  messagesPerSecond: count().prefault(0),
  authFailuresPerMinute: count().prefault(0),
});

const slowConsumer = z
  .strictObject({
    highWaterMark: size(ANY_SIZE).prefault('4MiB'),
    hardLimit: size(ANY_SIZE).prefault('64MiB'),
    events: z.enum(['drop', 'disconnect']).prefault('drop'),
  })
  .refine(({ highWaterMark, hardLimit }) => hardLimit >= highWaterMark, {
    error: 'must not be below highWaterMark',
    path: ['hardLimit'],
  });

/** `realms[]`: `name` or `template`, one of them. */
export const realmSchema = z.strictObject({
  name: word().optional(),
  template: word().optional(),
  uriCheck: z.enum(['loose', 'strict']).prefault('loose'),
  requestIds: z.enum(['lenient', 'strict']).prefault('lenient'),
  metaApi: flag().prefault(true),
  sessionKill: flag().prefault(true),
  callTimeout: duration().prefault('0s'),
  maxCallTimeout: duration().prefault('0s'),
  authentication: z.array(authenticationSchema).optional(),
  hideUnknownUsers: flag().prefault(false),
  roles: z.array(roleSchema).optional(),
  history: z.array(history).prefault([]),
  retain: retain.prefault({}),
  limits: limits.prefault({}),
  slowConsumer: slowConsumer.prefault({}),
});

/** One realm of a config that was read. */
export type RealmConfig = z.output<typeof realmSchema>;
