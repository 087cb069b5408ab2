import type { Dict } from '@wampkit/protocol';
import type { Client } from '../client.js';
import { createConnect } from '../connection/connect.js';
import type { ConnectOptions } from '../options.js';
import { ScriptedListener } from './scripted-listener.js';
import type { ScriptedPeer } from './scripted-peer.js';

/** A client and the router's end of its transport. */
export interface ScriptedClient {
  readonly client: Client;
  readonly router: ScriptedPeer;
  /** Where the client connects again. */
  readonly listener: ScriptedListener;
}

/**
 * A client that has joined `realm1` at a scripted peer; it does not reconnect unless `options` says so.
 *
 * @example
 * const { client, router } = await joinScripted();
 * const calling = client.call('com.example.add', { args: [2, 3] });
 * const call = await router.expect(Call);
 * router.send(new Result(call.request, {}, Payload.of([5])));
 * expect((await calling).value).toBe(5);
 */
export async function joinScripted(
  options: Partial<ConnectOptions> = {},
  welcome: Dict = {},
): Promise<ScriptedClient> {
  const listener = new ScriptedListener();
  const connect = createConnect({ connectPeer: listener.connectPeer, serializers: [] });
  const connecting = connect('ws://router.example/ws', { realm: 'realm1', reconnect: false, ...options });
  const router = await listener.accept();
  await router.welcome(1234, welcome);
  return { client: await connecting, router, listener };
}
