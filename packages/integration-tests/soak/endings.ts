import { Abort, Goodbye } from '@wampkit/protocol';
import type { RawClient } from '../abuse/raw-client.js';

/** A way in which a client's session ends; resolves when the client's part is done. */
export type Ending = (client: RawClient) => Promise<void>;

/** The ways in which a client can end its session from within; being killed is another. */
export const endings: Readonly<Record<string, Ending>> = {
  async goodbye(client) {
    client.send(new Goodbye({}, 'wamp.close.close_realm'));
    await client.next(([code]) => code === 6);
    client.socket.end();
    await client.end();
  },
  async abort(client) {
    client.send(new Abort({}, 'wamp.error.canceled'));
    await client.end();
  },
  async fin(client) {
    client.socket.end();
    await client.end();
  },
  async rst(client) {
    client.socket.resetAndDestroy();
  },
  async violation(client) {
    client.socket.write(client.frameBytes(Buffer.from('[1]')));
    await client.end();
  },
  async silence(client) {
    client.silent = true;
  },
};
