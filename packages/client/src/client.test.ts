import {
  Call,
  Event,
  Invocation,
  Payload,
  Publish,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Yield,
} from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { connect } from './index.node.js';
import { ScriptedListener } from './testing.js';

test('smoke', async () => {
  const l = new ScriptedListener();
  const p = connect('ws://a', { realm: 'r', connectPeer: l.connectPeer, reconnect: false });
  const router = await l.accept();
  await router.welcome();
  const client = await p;
  expect(client.session?.id).toBe(1234);
  const c = client.call('a.b', { args: [1] });
  const call = await router.expect(Call);
  router.send(new Result(call.request, {}, Payload.of([7])));
  expect((await c).value).toBe(7);
  const events: unknown[] = [];
  const s = client.subscribe('t', (e) => void events.push(e.value));
  const sub = await router.expect(Subscribe);
  router.send(new Subscribed(sub.request, 5), new Event(5, 9, {}, Payload.of(['x'])));
  await s;
  expect(events).toEqual(['x']);
  const r = client.register('p', (i) => i.value);
  const reg = await router.expect(Register);
  router.send(new Registered(reg.request, 6), new Invocation(1, 6, {}, Payload.of(['y'])));
  await r;
  expect((await router.expect(Yield)).payload.args()).toEqual(['y']);
  await client.publish('t', { args: [0] });
  expect((await router.expect(Publish)).request).toBe(4);
  const closing = client.close();
  await router.goodbye();
  await closing;
  expect(client.status).toBe('closed');
});
