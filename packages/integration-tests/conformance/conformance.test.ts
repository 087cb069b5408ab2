import { type CheckResult, type ConformanceOptions, checks, runCheck } from '@wampkit/conformance';
import { Router } from '@wampkit/router';
import { createListener, type Listener } from '@wampkit/transport';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';

/* `realm1` is as a router without any config has it; in `strict` request ids must be in sequence (BP-ID-07). */
const router = new Router({ realms: [{ name: 'realm1' }, { name: 'strict', requestIds: 'strict' }] });
let listener: Listener;

beforeAll(async () => {
  listener = createListener({
    bind: '127.0.0.1:0',
    serializers: Object.values(serializers),
    onPeer: (peer) => router.attach(peer),
  });
  await listener.listen();
});

afterAll(async () => {
  await router.close();
  await listener.close();
});

const transports = {
  ws: (address: string) => `ws://${address}/ws`,
  tcp: (address: string) => `tcp://${address}`,
};

const runs = Object.entries(transports).flatMap(([transport, url]) =>
  (['json', 'msgpack', 'cbor'] as const).map((serializer) => ({ transport, serializer, url })),
);

/* What may be skipped against a router of ours: checks of the other transport, of another serializer, and of what it
   decides otherwise where the specification leaves a choice. */
const mayBeSkipped =
  /^this is about|^there is no such thing in|is this session's serializer$|^JSON numbers|^only RawSocket/;

describe.each(runs)('$transport in $serializer', ({ serializer, url }) => {
  test.each(checks.map((check) => ({ name: `${check.id}: ${check.title}`, check })))(
    '$name',
    async ({ check }) => {
      const realm = check.id === 'BP-ID-07' ? 'strict' : 'realm1';
      const options: ConformanceOptions = { url: url(listener.address), realm, serializer };
      const result: CheckResult = await runCheck(check, options);
      if (result.outcome === 'skipped') expect(result.message).toMatch(mayBeSkipped);
      else expect(result).toMatchObject({ outcome: 'passed' });
    },
  );
});
