import type { Serializer } from '@wampkit/protocol';
import { Router } from '@wampkit/router';
import { createListener } from '@wampkit/transport';
import { serializers } from '../src/start-router.js';
import { FuzzFailure } from './fuzz-failure.js';
import { countReach, type FuzzReach } from './fuzz-reach.js';
import { HealthyClients } from './healthy-clients.js';
import { anyIds, InputSource } from './input-source.js';
import { encodeList } from './invent-message.js';
import { joinBatch } from './join-batch.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';

const hello = [1, 'realm1', { roles: { caller: {}, callee: {}, publisher: {}, subscriber: {} } }];
/** What a send may be answered with: taken, no message, the end came before, too large. */
const statuses: readonly number[] = [202, 400, 404, 410, 413];

/**
 * Opens long-polls and sends all sorts of bodies, each with an end in order or without. Meanwhile two healthy clients go
 * on.
 *
 * @throws {FuzzFailure} for the first input that did harm
 */
export async function fuzzLongPoll(
  { serializer, batched }: { serializer: Serializer; batched: boolean },
  { count, seed }: { count: number; seed: number },
): Promise<FuzzReach> {
  const random = new Random(seed);
  const source = new InputSource(serializer, random);
  const reach: FuzzReach = { joined: 0, violations: 0 };
  const bugs: unknown[] = [];
  const events = { ...countReach(reach), bug: ({ error }: { error: unknown }) => void bugs.push(error) };
  const router = new Router({ realms: [{ name: 'realm1' }], events });
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: Object.values(serializers),
    maxMessageSize: 65_536,
    poisonReads: true,
    longpoll: { path: '/lp' },
    onPeer: (peer) => router.attach(peer),
  });
  await listener.listen();
  const healthy = await HealthyClients.connect(`ws://${listener.address}/ws`);
  const base = `http://${listener.address}/lp`;
  const protocol = `wamp.2.${serializer.name}${batched ? '.batched' : ''}`;
  const body = (messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
    batched ? joinBatch(serializer, messages) : new Uint8Array(messages[0] as Uint8Array);
  try {
    for (let index = 0; index < count; index++) {
      const known = anyIds();
      const right = body([encodeList(serializer, hello)]);
      const wrong = body(Array.from({ length: 1 + random.below(4) }, () => source.next(known)));
      const input = random.once(4) ? new Uint8Array(mutate(wrong, serializer.name, random)) : wrong;
      try {
        await attack(base, protocol, random.once(5) ? [input] : [right, input, input]);
        if (bugs.length > 0) throw bugs[0];
        if (index % 20 === 0) await healthy.check();
      } catch (error) {
        throw new FuzzFailure({ target: `long-poll, ${protocol}`, seed, index, input }, error);
      }
    }
    await healthy.check();
  } finally {
    await healthy.close();
    await router.close({ grace: 0 });
    await listener.close();
  }
  return reach;
}

async function attack(base: string, protocol: string, bodies: readonly Uint8Array<ArrayBuffer>[]) {
  const opened = await post(`${base}/open`, JSON.stringify({ protocols: [protocol] }));
  const url = `${base}/${JSON.parse(opened.text).transport}`;
  for (const body of bodies) {
    const { status } = await post(`${url}/send`, body);
    if (!statuses.includes(status)) throw new Error(`a send was answered with ${status}`);
  }
  const { status } = await post(`${url}/close`, '');
  if (![202, 404, 410].includes(status)) throw new Error(`close was answered with ${status}`);
}

async function post(url: string, body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(url, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
}
