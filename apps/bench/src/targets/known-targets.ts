import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rivals } from './rivals.js';
import type { Start, Target } from './target.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const serializers = ['json', 'msgpack', 'cbor'];

const ours: Target = {
  name: 'ours',
  node: true,
  transports: ['websocket', 'rawsocket'],
  serializers,
  version: () => JSON.parse(readFileSync(path('../../../router/package.json'), 'utf8')).version,
  command: ({ port }) => ({
    argv: [
      process.execPath,
      path('../../../router/bin/wamp-router.js'),
      'start',
      '--config',
      path('../../router.yaml'),
      '--listen',
      `127.0.0.1:${port}`,
    ],
  }),
};

/** The loop for a transport and serializer: the same work as `limit.mjs`, which is the reference, in other bytes. */
function limitLoop({ transport, serializer }: Start): string {
  if (transport === 'rawsocket') return path('../../limit-rawsocket.mjs');
  return path(serializer === 'json' ? '../../limit.mjs' : '../../limit-binary.mjs');
}

const limit: Target = {
  name: 'limit',
  node: true,
  transports: ['websocket', 'rawsocket'],
  serializers,
  version: () => `ws ${createRequire(import.meta.url)('ws/package.json').version}`,
  command: (start) => ({
    argv: [process.execPath, limitLoop(start), String(start.port), start.serializer],
    env: { LAB_MODULES: path('../..') },
  }),
};

/** The routers that `--targets` can name. */
export const knownTargets: readonly Target[] = [ours, limit, ...rivals];
