import { fileURLToPath } from 'node:url';
import type { Target } from './target.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The routers that `--targets` can name. */
export const knownTargets: readonly Target[] = [
  {
    name: 'ours',
    serializers: ['json', 'msgpack', 'cbor'],
    command: (port) => [
      process.execPath,
      path('../../../router/bin/wamp-router.js'),
      'start',
      '--config',
      path('../../router.yaml'),
      '--listen',
      `127.0.0.1:${port}`,
    ],
  },
  {
    name: 'limit',
    serializers: ['json'],
    command: (port) => [process.execPath, path('../../limit.mjs'), String(port)],
  },
];
