import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allCells, type ForeignKind } from './foreign-client.js';
import { installed } from './installed.js';
import { LineClient } from './line-client.js';

const python =
  process.env.WAMPKIT_PYTHON ??
  installed('venv/bin/python') ??
  fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

/** Whether there is a Python with autobahn and what it authenticates by: named by WAMPKIT_PYTHON, installed by `.ci/run`, or `.venv` at the root. */
export const hasPython =
  existsSync(python) && spawnSync(python, ['-c', 'import argon2, autobahn, nacl, twisted']).status === 0;

/** PyPI `autobahn` over asyncio. */
export const autobahnAsyncio = kindOf('autobahn_client.py');

/** PyPI `autobahn` over Twisted. */
export const autobahnTwisted = kindOf('autobahn_twisted_client.py');

function kindOf(script: string): ForeignKind {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return {
    cells: allCells,
    lackedAuth: { 'wamp-scram': 'has another, of an early draft, which it calls `scram`' },
    abortIsToldBy: 'reason',
    connect(options) {
      const { transport, address, secure } = options;
      const webScheme = secure ? 'wss' : 'ws';
      const url = transport === 'websocket' ? `${webScheme}://${address}/ws` : `rs://${address}`;
      return LineClient.start([python, path], url, options);
    },
  };
}
