import type { Connection, Endpoint } from '../wire/connection.js';
import { join } from './join.js';

const AT_ONCE = 50;

/** Joins sessions that do nothing, until there are `count` of them in `sessions`. */
export async function joinIdle(endpoint: Endpoint, sessions: Connection[], count: number): Promise<void> {
  while (sessions.length < count) {
    const more = Math.min(AT_ONCE, count - sessions.length);
    sessions.push(...(await Promise.all(Array.from({ length: more }, () => join(endpoint)))));
  }
}
