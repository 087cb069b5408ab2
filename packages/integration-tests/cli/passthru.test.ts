import { type Client, connect, result } from '@wampkit/client';
import { cborSerializer } from '@wampkit/client/cbor';
import { passthru } from '@wampkit/client/passthru';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { run } from './run.js';
import { spawnCli } from './spawn-cli.js';

let router: TestRouter;
const opened: Client[] = [];

beforeEach(async () => {
  router = await startRouter();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await router[Symbol.asyncDispose]();
});

const mine = ['-o', 'ppt_scheme=x_mine'];

async function open(reads = true): Promise<Client> {
  const payloads = reads ? { payloads: passthru({ serializers: [cborSerializer] }) } : {};
  const client = await connect('', { realm: 'realm1', peer: router.attachPeer(), ...payloads });
  opened.push(client);
  return client;
}

test.each(['cbor', 'json'])('PPT-02: a call is packed in %s, and its result unpacked', async (serializer) => {
  const seen: unknown[] = [];
  const callee = await open();
  await callee.register('com.example.echo', ({ args, kwargs, details }) => {
    seen.push(details.ppt_scheme, details.ppt_serializer);
    return result({ args, kwargs });
  });
  const url = router.url('ws');
  const packed = ['--passthru', ...mine, '-o', `ppt_serializer=${serializer}`];
  const { exitCode, out, err } = await run('call', '-u', url, 'com.example.echo', '42', 'k=v', ...packed);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(JSON.parse(out)).toEqual({ args: [42], kwargs: { k: 'v' } });
  expect(seen).toEqual(['x_mine', serializer]);
});

test('PPT-05: without --passthru a payload goes, and is shown, as it is', async () => {
  const callee = await open(false);
  const received: unknown[] = [];
  await callee.register('com.example.bare', ({ args }) => {
    received.push(...args);
    return result({ args: [Uint8Array.of(1)] });
  });
  const url = router.url('ws');
  const bare = [...mine, '-o', 'ppt_serializer=cbor'];
  const { exitCode, out } = await run('call', '-u', url, 'com.example.bare', '0x0102', ...bare);
  expect({ exitCode, out }).toEqual({ exitCode: 0, out: '{"args":[{"$bytes":"AQ=="}],"kwargs":{}}\n' });
  expect(received).toEqual([Uint8Array.of(1, 2)]);
});

test('PPT-08: packed events are read, and those that cannot be are told on stderr', async () => {
  const url = router.url('ws');
  const cli = spawnCli('subscribe', '-u', url, 'com.example.t', '--passthru', '--count', '1');
  await cli.says('subscribed');
  const broken = await open(false);
  const cbor = { ppt_scheme: 'x_mine', ppt_serializer: 'cbor', acknowledge: true } as const;
  await broken.publish('com.example.t', { args: [Uint8Array.of(0xff)] }, cbor);
  await cli.says('event of "com.example.t"');
  await (await open()).publish('com.example.t', { args: [7] }, cbor);
  expect(await cli.exit).toBe(0);
  expect(JSON.parse(cli.out())).toMatchObject({ topic: 'com.example.t', args: [7] });
}, 30_000);

test('PPT-06: what it cannot be packed in is refused before anything is sent', async () => {
  const url = router.url('ws');
  const odd = ['--passthru', ...mine, '-o', 'ppt_serializer=ubjson'];
  const { exitCode, err } = await run('call', '-u', url, 'com.example.none', '1', ...odd);
  expect(exitCode).not.toBe(0);
  expect(err).toContain('ppt_serializer "ubjson" is not among the serializers here');
});
