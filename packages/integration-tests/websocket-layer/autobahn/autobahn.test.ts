import { createServer } from 'node:net';
import { connectPeer, createListener } from '@wampkit/transport';
import { describe, expect, test } from 'vitest';
import { createEchoSerializer, echoedBytes } from '../echo-serializer.js';
import { listenOnLoopback } from '../world.js';
import { cases, faults } from './cases.js';
import { FuzzingProcess, hasAutobahnTestsuite } from './fuzzing-process.js';

const text = createEchoSerializer('text');
const binary = createEchoSerializer('binary');
const timeout = process.env.WAMPKIT_LONG === '1' ? 1_800_000 : 90_000;

const runs = [
  ['text', cases.text, false],
  ['binary', cases.binary, false],
  ['compressed text', cases.compressedText, true],
  ['compressed binary', cases.compressedBinary, true],
] as const;

// Skipped, and visibly so, where the suite is not installed: see install.sh.
const needed = hasAutobahnTestsuite ? '' : ' (needs Python 2.7 and autobahn/install.sh)';

describe.skipIf(!hasAutobahnTestsuite)(`PyPI autobahntestsuite 25.10.1${needed}`, () => {
  test.concurrent.each(runs)(
    'BP-TRN-02: every case against the server, %s',
    { timeout },
    async (name, ids, compression) => {
      await using listener = createListener({
        bind: '127.0.0.1:0',
        serializers: [text, binary],
        websocket: { compression },
        onPeer: (peer) => {
          peer.onMessage = (message) => peer.send(message);
        },
      });
      await listener.listen();
      const { name: serializer } = name.endsWith('text') ? text : binary;
      const server = {
        agent: 'wampkit',
        url: `ws://${listener.address}/ws`,
        protocols: [`wamp.2.${serializer}`],
      };
      using fuzzing = new FuzzingProcess('client', { servers: [server], cases: ids });
      await fuzzing.finish();
      expect(faults(fuzzing.results())).toEqual([]);
    },
  );

  test.concurrent.each(runs)(
    'BP-TRN-02: every case against the client, %s',
    { timeout },
    async (name, ids, compression) => {
      const url = await freeUrl();
      using fuzzing = new FuzzingProcess('server', { url, cases: ids });
      await expect.poll(() => fuzzing.output, { timeout }).toContain('listening');
      const run = (path: string, serializer = text, onText?: (text: string) => void) =>
        runConnection(`${url}${path}`, { serializer, compression, onText });
      let count = 0;
      await run('/getCaseCount', text, (answer) => {
        count = Number(answer);
      });
      expect(count).toBeGreaterThanOrEqual(ids.length);
      for (let i = 1; i <= count; i++)
        await run(`/runCase?case=${i}&agent=wampkit`, name.endsWith('text') ? text : binary);
      await run('/updateReports?agent=wampkit');
      const results = fuzzing.results();
      expect(Object.keys(results)).toHaveLength(count);
      expect(faults(results)).toEqual([]);
    },
  );
});

/** Connects, echoes what comes or hands it on, and resolves at the end. */
async function runConnection(
  url: string,
  how: { serializer: typeof text; compression: boolean; onText: ((text: string) => void) | undefined },
): Promise<void> {
  const peer = await connectPeer(url, { serializers: [how.serializer], compression: how.compression });
  const ended = new Promise<void>((resolve) => {
    peer.onClose = () => resolve();
  });
  peer.onMessage = (message) => {
    if (how.onText === undefined) peer.send(message);
    else how.onText(Buffer.from(echoedBytes(message)).toString());
  };
  await ended;
}

/** A URL whose port was free a moment ago. */
async function freeUrl(): Promise<string> {
  const server = createServer();
  const url = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return url.replace('/ws', '');
}
