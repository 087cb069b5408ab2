import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type Check, must } from './check.js';
import { checks } from './checks.js';
import { skip } from './outcome.js';
import { type CheckResult, type ConformanceOptions, runCheck, runConformance } from './run-conformance.js';

type Message = readonly unknown[];
/* What a scripted router says to one message; `state` is its own for each connection. */
type Script = (message: Message, state: { subscriptions: number }) => readonly Message[];

const roles = { broker: { features: {} }, dealer: { features: {} } };
const randomId = () => Math.floor(Math.random() * 2 ** 53) + 1;

/* Knows enough to open sessions and acknowledge publications. */
const modest: Script = ([code, first, second]) => {
  if (code === 1) return [[2, randomId(), { roles }]];
  if (code === 16) return (second as { acknowledge?: boolean }).acknowledge ? [[17, first, randomId()]] : [];
  if (code === 32) return [[33, first, 1]];
  if (code === 6) return [[6, {}, 'wamp.close.goodbye_and_out']];
  return [[3, {}, 'wamp.error.protocol_violation']];
};

const servers: WebSocketServer[] = [];

async function serve(script: Script): Promise<ConformanceOptions> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'wamp.2.json' });
  servers.push(server);
  server.on('connection', (socket) => {
    const state = { subscriptions: 0 };
    socket.on('message', (data) => {
      for (const reply of script(JSON.parse(data.toString()) as Message, state)) {
        socket.send(JSON.stringify(reply));
        if (reply[0] === 3) socket.close();
      }
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/ws`, realm: 'realm1', serializer: 'json', timeout: 300 };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function collect(results: AsyncIterable<CheckResult>): Promise<CheckResult[]> {
  const all: CheckResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

function outcomes(results: readonly CheckResult[]): string[] {
  return results.map(({ outcome, message }) => (message === undefined ? outcome : `${outcome}: ${message}`));
}

describe('runConformance', () => {
  test('passes a router that does as the requirement says', async () => {
    const options = await serve(modest);
    const results = await collect(runConformance({ ...options, only: ['BP-SESS-02', 'BP-PS-04'] }));
    expect(outcomes(results)).toEqual(['passed', 'passed', 'passed', 'passed']);
  });

  test('fails a router that acknowledges what it was not asked to, and says what came', async () => {
    const options = await serve((message, state) =>
      message[0] === 16 ? [[17, message[1], randomId()]] : modest(message, state),
    );
    const [result] = await collect(runConformance({ ...options, only: /BP-PS-04: PUBLISH without/ }));
    expect(result).toMatchObject({ id: 'BP-PS-04', level: 'MUST', outcome: 'failed' });
    expect(result?.message).toMatch(/unexpected \[17,1,/);
  });

  test('fails a router whose session ids are small, whose ids repeat, and whose ids grow', async () => {
    for (const next of [() => 7, (count: number) => count * 2 ** 40, (count: number) => count]) {
      let count = 0;
      const options = await serve((message, state) =>
        message[0] === 1 ? [[2, next(++count), { roles }]] : modest(message, state),
      );
      const [result] = await collect(runConformance({ ...options, only: /BP-ID-02: session ids/ }));
      expect(result?.outcome).toBe('failed');
    }
  });

  test('skips visibly what the router does not announce', async () => {
    const options = await serve(modest);
    const [result] = await collect(runConformance({ ...options, only: /PSUB-02: an event comes once/ }));
    expect(result?.outcome).toBe('skipped');
    expect(result?.message).toBe("the router's broker does not announce pattern_based_subscription");
  });

  test('fails, in bounded time, against a router that says nothing', async () => {
    const options = await serve((message, state) => (message[0] === 1 ? modest(message, state) : []));
    const [result] = await collect(runConformance({ ...options, only: /BP-PS-05: an acknowledged/ }));
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result?.message).toBe('waiting for PUBLISHED for request 1: nothing within 300 ms');
  });

  test('throws before the first result when no session can be opened', async () => {
    const options = await serve(() => [[3, {}, 'wamp.error.no_such_realm']]);
    await expect(collect(runConformance(options))).rejects.toThrow('no session can be opened');
    const { port } = new URL(options.url);
    const other = { ...options, url: `tcp://127.0.0.1:${port}` };
    await expect(collect(runConformance(other))).rejects.toThrow('no session can be opened: no RawSocket');
  });

  test('ends before the next check when its signal is aborted', async () => {
    const options = await serve(modest);
    const controller = new AbortController();
    const seen: string[] = [];
    const run = async () => {
      for await (const { id } of runConformance({
        ...options,
        only: ['BP-SESS-02'],
        signal: controller.signal,
      })) {
        seen.push(id);
        controller.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(seen).toEqual(['BP-SESS-02']);
  });
});

describe('runCheck', () => {
  const check = (run: Check['run']): Check => must('X-01', 'an example', run);
  const options: ConformanceOptions = {
    url: 'ws://127.0.0.1:1/',
    realm: 'r',
    serializer: 'json',
    timeout: 20,
  };

  test('bounds the time of a check that never ends', async () => {
    const result = await runCheck(
      check(() => new Promise(() => {})),
      options,
    );
    expect(result).toMatchObject({ outcome: 'failed', message: 'not done within 100 ms' });
  });

  test('tells skipped from failed', async () => {
    expect(
      await runCheck(
        check(async () => skip('not here')),
        options,
      ),
    ).toMatchObject({
      outcome: 'skipped',
      message: 'not here',
    });
    expect(
      await runCheck(
        check(async (t) => void (await t.connect())),
        options,
      ),
    ).toMatchObject({ outcome: 'failed' });
  });

  test('closes every connection of the check', async () => {
    const live = await serve(modest);
    let closed: Promise<string> | undefined;
    await runCheck(
      check(async (t) => {
        closed = (await t.join()).connection.closed();
      }),
      live,
    );
    expect(await closed).toMatch(/^the WebSocket is closed/);
  });

  test('an unknown kind of URL is a TypeError', async () => {
    await expect(runCheck(checks[0]!, { ...options, url: 'ftp://127.0.0.1/' })).rejects.toThrow(TypeError);
  });
});

describe('checks', () => {
  test('id and title together are unique, and ids look like requirement numbers', () => {
    const names = checks.map(({ id, title }) => `${id}: ${title}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(checks.filter(({ id }) => !/^([A-Z]+-)+\d\d$/.test(id))).toEqual([]);
  });
});
