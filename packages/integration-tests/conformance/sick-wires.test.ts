import { type CheckResult, checks, runCheck, whyNot } from '@wampkit/conformance';
import { Router } from '@wampkit/router';
import { createListener } from '@wampkit/transport';
import { describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import {
  type Answered,
  type SickAnswers,
  type SickFrames,
  sickLongPoll,
  sickWebSocket,
} from './sick-wires.js';

type SerializerName = 'json' | 'msgpack';

interface Sick<Wire> {
  readonly name: string;
  readonly sick: Wire;
  readonly serializer?: SerializerName;
  readonly fails: readonly string[];
}

const SEPARATOR = 0x1e;
const split = (batch: Buffer): Buffer[] =>
  batch
    .toString('latin1')
    .split('\x1e')
    .slice(0, -1)
    .map((each) => Buffer.from(`${each}\x1e`, 'latin1'));
const isWhole = (batch: Buffer): boolean => batch.at(-1) === SEPARATOR;

const batches: readonly Sick<SickFrames>[] = [
  {
    name: 'frames no message that is alone',
    sick: { down: (batch) => (split(batch).length === 1 ? batch.subarray(0, -1) : batch) },
    fails: ['BAT-01'],
  },
  {
    name: 'ends batches without 0x1E',
    sick: { down: (batch) => batch.subarray(0, -1) },
    fails: ['BAT-01'],
  },
  {
    name: 'gives lengths from their other end',
    sick: {
      down: (batch) => Buffer.concat([Buffer.from(batch.subarray(0, 4)).reverse(), batch.subarray(4)]),
    },
    serializer: 'msgpack',
    fails: ['BAT-01'],
  },
  {
    name: 'takes the first message of a batch alone',
    sick: { up: (batch) => split(batch)[0] ?? batch },
    fails: ['BAT-01'],
  },
  {
    name: 'takes the messages behind HELLO from last to first',
    sick: {
      up: (batch) => {
        const [first, ...others] = split(batch);
        return Buffer.concat([first ?? batch, ...others.reverse()]);
      },
    },
    fails: ['BAT-01'],
  },
  {
    name: 'loses the last event of a batch',
    sick: {
      down: (batch) => {
        const kept = split(batch).filter((each) => !each.includes('two'));
        return kept.length === 0 ? null : Buffer.concat(kept);
      },
    },
    fails: ['BAT-01'],
  },
  {
    name: 'ignores an empty batch',
    sick: { up: (batch) => (batch.length === 0 ? null : batch) },
    fails: ['BAT-02'],
  },
  {
    name: 'takes a batch without 0x1E at its end',
    sick: { up: (batch) => (isWhole(batch) ? batch : Buffer.concat([batch, Buffer.of(SEPARATOR)])) },
    fails: ['BAT-02'],
  },
  {
    name: 'ignores what is left over behind a batch',
    sick: { up: (batch) => batch.subarray(0, batch.lastIndexOf(SEPARATOR) + 1 || batch.length) },
    fails: ['BAT-02'],
  },
];

const status = (verb: string, from: number, to: number): SickAnswers => ({
  down: (answered, asked) => {
    if (asked.verb === verb && answered.status === from) answered.status = to;
  },
});

function smallIds(): SickAnswers {
  const ids: string[] = [];
  return {
    up: (asked) => {
      const [id = '', verb] = asked.path.split('/');
      if (verb !== undefined && /^\d+$/.test(id)) asked.path = `${ids[Number(id)]}/${verb}`;
    },
    down: (answered, asked) => {
      if (asked.verb !== 'open' || answered.status !== 200) return;
      const { protocol, transport } = JSON.parse(answered.body.toString());
      answered.body = Buffer.from(JSON.stringify({ protocol, transport: String(ids.push(transport) - 1) }));
    },
  };
}

const isEvent = ({ body }: Answered): boolean => body.toString().startsWith('[36');

const polls: readonly Sick<SickAnswers>[] = [
  {
    name: 'takes the last protocol that is offered',
    sick: {
      up: (asked) => {
        if (asked.verb === 'open')
          asked.body = Buffer.from(
            asked.body.toString().replace(/\[(.*)\]/, (_, list) => `[${list.split(',').reverse()}]`),
          );
      },
    },
    fails: ['LP-01'],
  },
  { name: 'opens what it does not speak', sick: status('open', 400, 200), fails: ['LP-01'] },
  {
    name: 'answers a receive with two messages, and no batch',
    sick: {
      down: async (answered, asked, again) => {
        if (asked.verb !== 'receive' || !isEvent(answered) || isWhole(answered.body)) return;
        answered.body = Buffer.concat([answered.body, (await again()).body]);
      },
    },
    fails: ['LP-02'],
  },
  {
    name: 'answers a receive with one message, and loses the others of the batch',
    sick: {
      down: (answered, asked) => {
        if (asked.verb === 'receive') answered.body = split(answered.body)[0] ?? answered.body;
      },
    },
    fails: ['LP-02'],
  },
  { name: 'answers a send with 200', sick: status('send', 202, 200), fails: ['LP-03'] },
  { name: 'answers a close with 204', sick: status('close', 202, 204), fails: ['LP-03'] },
  { name: 'takes nonsense', sick: status('send', 400, 202), fails: ['LP-03'] },
  {
    name: 'takes the first message of a send alone',
    sick: {
      up: (asked) => {
        if (asked.verb === 'send') asked.body = split(asked.body)[0] ?? asked.body;
      },
    },
    fails: ['LP-03'],
  },
  {
    name: 'knows every transport',
    sick: status('receive', 404, 200),
    fails: ['LP-03', 'LP-04'],
  },
  { name: 'counts its transports', sick: smallIds(), fails: ['LP-04'] },
  {
    name: 'lets caches keep its answers',
    sick: {
      down: (answered) => {
        delete answered.headers['cache-control'];
      },
    },
    fails: ['LP-04'],
  },
  { name: 'knows no preflight', sick: status('OPTIONS', 204, 405), fails: ['LP-04'] },
];

/* Receives are held for a moment only, so that one that waits for nothing ends soon. */
async function startRouter(): Promise<{ address: string } & AsyncDisposable> {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: Object.values(serializers),
    longpoll: { path: '/lp', holdTime: 50 },
    onPeer: (peer) => router.attach(peer),
  });
  await listener.listen();
  return {
    address: listener.address,
    async [Symbol.asyncDispose]() {
      await listener.close(); // first: a long-poll that nobody asks any more would be waited for
      await router.close();
    },
  };
}

interface Wanted {
  readonly ids: readonly string[];
  readonly transport: 'websocket' | 'longpoll';
  readonly serializer?: SerializerName | undefined;
}

async function run(url: string, { ids, transport, serializer = 'json' }: Wanted): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks)
    if (ids.includes(check.id) && whyNot(check, transport, serializer) === null)
      results.push(await runCheck(check, { url, realm: 'realm1', serializer, timeout: 400 }));
  return results;
}

async function overWebSocket(sick: SickFrames, ids: readonly string[], serializer?: SerializerName) {
  await using router = await startRouter();
  await using wire = await sickWebSocket(`ws://${router.address}/ws`, sick);
  return await run(`ws://${wire.address}/ws`, { ids, transport: 'websocket', serializer });
}

async function overLongPoll(sick: SickAnswers, ids: readonly string[]) {
  await using router = await startRouter();
  await using wire = await sickLongPoll(`http://${router.address}/lp`, sick);
  return await run(`http://${wire.address}/lp`, { ids, transport: 'longpoll' });
}

const outcomes = (results: readonly CheckResult[]) => results.map(({ outcome }) => outcome);

describe.each(batches)('a router that $name', ({ sick, serializer, fails }) => {
  test.each(fails)('fails %s', async (id) => {
    expect(outcomes(await overWebSocket(sick, [id], serializer))).toContain('failed');
  });
});

describe.each(polls)('a router that $name', ({ sick, fails }) => {
  test.each(fails)('fails %s', async (id) => {
    expect(outcomes(await overLongPoll(sick, [id]))).toContain('failed');
  });
});

test('routers behind the same wires that do nothing wrong fail none of these', async () => {
  for (const serializer of ['json', 'msgpack'] as const) {
    const results = await overWebSocket({}, ['BAT-01', 'BAT-02'], serializer);
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  }
  const results = await overLongPoll({}, ['LP-01', 'LP-02', 'LP-03', 'LP-04']);
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
}, 60_000);
