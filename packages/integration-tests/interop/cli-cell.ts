import { type Client, connect, RequestError, result } from '@wampkit/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../cli/run.js';
import { serializers } from '../src/start-router.js';
import { failure, unicode } from './payloads.js';
import type { RouterCell } from './router-suite.js';

type Match = 'exact' | 'prefix' | 'wildcard';

/** Everything that wamp-cli can do with somebody else's router; at the other end is our client. */
export function cliCell({ cell, running, lacks, base }: RouterCell): void {
  let peer: Client;

  beforeAll(async () => {
    peer = await connect(running().url(cell.transport), {
      realm: 'realm1',
      serializers: [serializers[cell.serializer]],
      reconnect: false,
    });
    await peer.register(`${base}.echo`, ({ args, kwargs }) => result({ args, kwargs }));
    await peer.register(`${base}.fails`, () => {
      throw new RequestError('no', failure);
    });
  });
  afterAll(() => peer?.close());

  const cli = (...argv: string[]) => {
    const [verb = '', ...rest] = argv;
    const at = ['--url', running().url(cell.transport), '--serializer', cell.serializer, '--json'];
    return run(verb, ...at, ...rest);
  };
  const echo = async (...values: string[]) => {
    const { exitCode, out, err } = await cli('call', `${base}.echo`, ...values);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    return out;
  };
  const patternOf = (name: string, match: Match) =>
    ({
      exact: `${base}.${name}`,
      prefix: `${base}.${name.slice(0, -1)}`,
      wildcard: `com.example..${cell.serializer}.${name}`,
    })[match];

  test('joins anonymously', { meta: { feature: 'join', lacks } }, async () => {
    const { exitCode, err } = await cli('call', `${base}.nothing`);
    expect(exitCode).toBe(4);
    expect(err).toContain('wamp.error.no_such_procedure');
  });

  if (lacks.ticket === undefined)
    test('TICK-01: joins with a ticket, not with a wrong one', { meta: { feature: 'ticket' } }, async () => {
      const joe = ['--authid', 'joe', '--quiet', '--ticket'];
      expect(await cli('call', `${base}.echo`, ...joe, 'joe-ticket')).toMatchObject({ exitCode: 0 });
      expect(await cli('call', `${base}.echo`, ...joe, 'guess')).toMatchObject({ exitCode: 3 });
    });

  test('BP-SER-04: calls', { meta: { feature: 'call' } }, async () => {
    const out = await echo('1', '-7', '1.5', 'null', '[true,{"a":[]}]', 'k:={"b":"c"}');
    expect(JSON.parse(out)).toEqual({
      args: [1, -7, 1.5, null, [true, { a: [] }]],
      kwargs: { k: { b: 'c' } },
    });
  });

  test('BP-SER-04: unicode through a call', { meta: { feature: 'unicode' } }, async () => {
    const out = await echo(
      '--args-json',
      JSON.stringify(unicode.args),
      '--kwargs-json',
      JSON.stringify(unicode.kwargs),
    );
    expect(JSON.parse(out)).toEqual(unicode);
  });

  if (lacks.binary === undefined)
    test('JBIN-01: binary through a call', { meta: { feature: 'binary' } }, async () => {
      expect(JSON.parse(await echo('0x00017f80ff'))).toEqual({ args: [{ $bytes: 'AAF/gP8=' }], kwargs: {} });
    });

  if (lacks['big integers'] === undefined)
    test('BP-SER-04: integers of 64 bits through a call', { meta: { feature: 'big integers' } }, async () => {
      const text = '[9007199254740993,18446744073709551615,-9223372036854775808]';
      expect(await echo('--args-json', text)).toBe(`{"args":${text},"kwargs":{}}\n`);
    });

  test('BP-RPC-04: errors end with exit code 4 and the payload', {
    meta: { feature: 'errors' },
  }, async () => {
    const { exitCode, out } = await cli('call', `${base}.fails`);
    expect(exitCode).toBe(4);
    const { uri, args, kwargs } = failure;
    expect(JSON.parse(out)).toMatchObject({ error: uri, args, kwargs });
  });

  for (const match of ['exact', 'prefix', 'wildcard'] as const)
    test(`PREG-01: registers, ${match}`, {
      meta: { feature: match === 'exact' ? 'register' : 'patterns' },
    }, async () => {
      const options = ['--echo', '--count', '1', '--quiet', '--match', match];
      const ended = cli('register', patternOf(`its_${match}`, match), ...options);
      const answer = await vi.waitFor(() => peer.call(`${base}.its_${match}`, { args: [1] }), 5000);
      expect(answer.args).toEqual([1]);
      expect(await ended).toMatchObject({ exitCode: 0, err: '' });
    });

  for (const match of ['exact', 'prefix', 'wildcard'] as const)
    test(`PSUB-01: subscribes, ${match}`, {
      meta: { feature: match === 'exact' ? 'events' : 'patterns' },
    }, async () => {
      const options = ['--count', '1', '--quiet', '--match', match];
      let out: string | undefined;
      const ended = cli('subscribe', patternOf(`topic_${match}`, match), ...options).then((outcome) => {
        out = outcome.out;
      });
      await vi.waitFor(async () => {
        await peer.publish(`${base}.topic_${match}`, { args: ['☃'] }, { acknowledge: true });
        expect(out).toBeDefined();
      }, 5000);
      await ended;
      expect(JSON.parse(out ?? '')).toEqual({ topic: `${base}.topic_${match}`, args: ['☃'], kwargs: {} });
    });

  test('BP-PS-04: publishes', { meta: { feature: 'events' } }, async () => {
    const events: unknown[] = [];
    await peer.subscribe(`${base}.mine`, ({ args }) => void events.push(args));
    const { exitCode, out } = await cli('publish', `${base}.mine`, '1', '--ack');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({ publication: expect.any(Number) });
    await vi.waitFor(() => expect(events).toEqual([[1]]));
  });

  test('BP-SESS-06: leaves with GOODBYE', { meta: { feature: 'leave' } }, async () => {
    const { err } = await cli('call', `${base}.echo`, '-vv');
    expect(err).toMatch(/GOODBYE/);
  });
}
